import type { FlameChart, FlameFrame, FrameKind } from '../../protocol/allocations';
import { colour } from './theme';

const ROW = 20;
/** Narrower frames have no room for a word, in px. */
const LEAST_TEXT = 26;

/** As in the memory chart: some of the theme's chart colours all but vanish on dark. */
const COLOURS: Readonly<Record<FrameKind, string>> = {
  program: '--vscode-charts-blue',
  package: '--vscode-terminal-ansiYellow',
  node: '--vscode-terminal-ansiGreen',
  engine: '--vscode-terminal-ansiMagenta',
};

export interface FlameEvents {
  /** A frame is under the mouse, or has been reached by the arrow keys. */
  point(frame: FlameFrame): void;
  zoom(node: number): void;
  open(node: number): void;
}

/** The canvas of a flame chart, with the root on top: hover, click, and all of it by keyboard. */
export class FlameCanvas {
  readonly #canvas = document.createElement('canvas');
  readonly #parent: HTMLElement;
  readonly #events: FlameEvents;
  readonly #resize: ResizeObserver;
  readonly #theme: MutationObserver;
  #chart: FlameChart = { frames: [], total: 0, root: -1, hidden: 0 };
  #searching = false;
  /** Frames by row, from left to right. */
  #rows: FlameFrame[][] = [];
  #topDepth = 0;
  #pointed = -1;
  #frame = 0;

  constructor(parent: HTMLElement, chart: FlameChart, searching: boolean, events: FlameEvents) {
    this.#parent = parent;
    this.#events = events;
    const canvas = this.#canvas;
    canvas.tabIndex = 0;
    canvas.dataset.testid = 'flame-chart';
    canvas.setAttribute('role', 'application');
    canvas.setAttribute('aria-roledescription', 'flame chart');
    canvas.setAttribute(
      'aria-label',
      'Allocations by call. Arrow keys move, Enter zooms in, Escape zooms out, O opens the line.',
    );
    canvas.setAttribute('aria-describedby', 'flame-detail');
    canvas.addEventListener('mousemove', (event) => this.#point(this.#at(event)));
    canvas.addEventListener('click', (event) => this.#click(event));
    canvas.addEventListener('keydown', (event) => this.#key(event));
    canvas.addEventListener('focus', () => this.#drawSoon());
    canvas.addEventListener('blur', () => this.#drawSoon());
    parent.replaceChildren(canvas);
    this.#resize = new ResizeObserver(() => this.#drawSoon());
    this.#resize.observe(parent);
    // VS Code changes the body's class with the theme.
    this.#theme = new MutationObserver(() => this.#drawSoon());
    this.#theme.observe(document.body, { attributes: true, attributeFilter: ['class'] });
    this.update(chart, searching);
  }

  update(chart: FlameChart, searching: boolean): void {
    if (chart === this.#chart && searching === this.#searching) return;
    if (chart.root !== this.#chart.root) this.#pointed = chart.root;
    this.#chart = chart;
    this.#searching = searching;
    this.#topDepth = Math.min(0, ...chart.frames.slice(0, 1).map(({ depth }) => depth));
    this.#rows = [];
    for (const frame of chart.frames) {
      const row = frame.depth - this.#topDepth;
      while (this.#rows.length <= row) this.#rows.push([]);
      this.#rows[row]!.push(frame);
    }
    for (const row of this.#rows) row.sort((a, b) => a.start - b.start);
    this.#drawSoon();
  }

  /** For tests and screen readers: what is pointed at. */
  get pointed(): FlameFrame | undefined {
    return this.#chart.frames.find(({ node }) => node === this.#pointed);
  }

  #drawSoon(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    const ratio = window.devicePixelRatio;
    const width = Math.max(200, this.#parent.clientWidth);
    const height = Math.max(1, this.#rows.length) * ROW;
    this.#canvas.width = Math.round(width * ratio);
    this.#canvas.height = Math.round(height * ratio);
    this.#canvas.style.width = `${width}px`;
    this.#canvas.style.height = `${height}px`;
    const ctx = this.#canvas.getContext('2d')!;
    ctx.scale(ratio, ratio);
    ctx.font = `12px ${colour('--vscode-font-family')}`;
    ctx.textBaseline = 'middle';
    const theme = themeOf();
    for (const frame of this.#chart.frames) this.#drawFrame(ctx, frame, width, theme);
    const pointed = this.pointed;
    if (pointed) this.#outline(ctx, pointed, width, theme);
  }

  #drawFrame(ctx: CanvasRenderingContext2D, frame: FlameFrame, width: number, theme: FlameTheme): void {
    const { x, y, w } = this.#box(frame, width);
    ctx.globalAlpha = this.#strength(frame);
    ctx.fillStyle = theme.fills[frame.kind];
    ctx.fillRect(x, y, Math.max(0.5, w - 1), ROW - 1);
    ctx.globalAlpha = 1;
    if (theme.border) {
      ctx.strokeStyle = theme.border;
      ctx.strokeRect(x + 0.5, y + 0.5, Math.max(0, w - 2), ROW - 2);
    }
    if (w < LEAST_TEXT) return;
    ctx.fillStyle = theme.text;
    const text = frame.where ? `${frame.name}  ${frame.where}` : frame.name;
    ctx.fillText(shortened(ctx, text, w - 8), x + 4, y + ROW / 2);
  }

  /** Ancestors and what was not searched for step back. */
  #strength({ depth, found, name }: FlameFrame): number {
    if (this.#searching && !found) return 0.12;
    if (found) return 0.6;
    return depth < 0 ? 0.2 : 0.36 + (hash(name) % 5) * 0.04;
  }

  #outline(
    ctx: CanvasRenderingContext2D,
    frame: FlameFrame,
    width: number,
    { focus, text }: FlameTheme,
  ): void {
    const { x, y, w } = this.#box(frame, width);
    ctx.lineWidth = 2;
    ctx.strokeStyle = document.activeElement === this.#canvas ? focus : text;
    ctx.strokeRect(x + 1, y + 1, Math.max(1, w - 3), ROW - 3);
    ctx.lineWidth = 1;
  }

  #box({ depth, start, total }: FlameFrame, width: number): { x: number; y: number; w: number } {
    const y = (depth - this.#topDepth) * ROW;
    // The zoomed frame's ancestors are wider than what is shown.
    if (depth < 0 || this.#chart.total === 0) return { x: 0, y, w: width };
    const scale = width / this.#chart.total;
    return { x: start * scale, y, w: total * scale };
  }

  #at({ offsetX, offsetY }: MouseEvent): FlameFrame | undefined {
    const width = this.#canvas.clientWidth;
    return this.#rows[Math.floor(offsetY / ROW)]?.find((frame) => {
      const { x, w } = this.#box(frame, width);
      return offsetX >= x && offsetX < x + w;
    });
  }

  #point(frame: FlameFrame | undefined): void {
    this.#canvas.style.cursor = frame ? 'pointer' : 'default';
    if (!frame || frame.node === this.#pointed) return;
    this.#pointed = frame.node;
    this.#events.point(frame);
    this.#drawSoon();
  }

  #click(event: MouseEvent): void {
    const frame = this.#at(event);
    if (!frame) return;
    this.#point(frame);
    if (event.ctrlKey || event.metaKey) this.#events.open(frame.node);
    else this.#events.zoom(frame.node);
  }

  #key(event: KeyboardEvent): void {
    const current = this.pointed;
    if (!current || event.altKey) return;
    const row = this.#rows[current.depth - this.#topDepth]!;
    const at = row.indexOf(current);
    const inside = ({ start, total }: FlameFrame) =>
      start < current.start + current.total && start + total > current.start;
    const moves: Partial<Record<string, () => FlameFrame | undefined>> = {
      ArrowLeft: () => row[at - 1],
      ArrowRight: () => row[at + 1],
      ArrowUp: () =>
        this.#rows[current.depth - this.#topDepth - 1]?.find(
          ({ depth, start, total }) => depth < 0 || (start <= current.start && start + total > current.start),
        ),
      ArrowDown: () =>
        this.#rows[current.depth - this.#topDepth + 1]?.find((each) => current.depth < 0 || inside(each)),
      Home: () => this.#chart.frames.find(({ node }) => node === this.#chart.root),
    };
    const move = moves[event.key];
    if (move) this.#point(move());
    else if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) this.#events.open(current.node);
    else if (event.key === 'Enter') this.#events.zoom(current.node);
    else if (event.key === 'Escape') this.#zoomOut();
    else if (event.key === 'o' || event.key === 'O') this.#events.open(current.node);
    else return;
    event.preventDefault();
  }

  #zoomOut(): void {
    const parent = this.#chart.frames.findLast(({ depth }) => depth === -1);
    if (parent) this.#events.zoom(parent.node);
  }

  dispose(): void {
    cancelAnimationFrame(this.#frame);
    this.#resize.disconnect();
    this.#theme.disconnect();
    this.#canvas.remove();
  }
}

interface FlameTheme {
  readonly fills: Readonly<Record<FrameKind, string>>;
  readonly text: string;
  readonly focus: string;
  /** Only where the theme is one of high contrast. */
  readonly border: string;
}

function themeOf(): FlameTheme {
  const fills = Object.fromEntries(
    Object.entries(COLOURS).map(([kind, variable]) => [kind, colour(variable)]),
  ) as Record<FrameKind, string>;
  return {
    fills,
    text: colour('--vscode-editor-foreground'),
    focus: colour('--vscode-focusBorder'),
    border: getComputedStyle(document.documentElement).getPropertyValue('--vscode-contrastBorder').trim(),
  };
}

/** As much of a text as is `width` wide, by halving. */
function shortened(ctx: CanvasRenderingContext2D, text: string, width: number): string {
  if (ctx.measureText(text).width <= width) return text;
  let low = 0;
  let high = text.length;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (ctx.measureText(`${text.slice(0, middle)}…`).width <= width) low = middle;
    else high = middle - 1;
  }
  return low < 2 ? '' : `${text.slice(0, low)}…`;
}

/** Neighbours of one kind are told apart by a shade that stays with the name. */
function hash(text: string): number {
  let value = 0;
  for (let i = 0; i < text.length; i++) value = (value * 31 + text.charCodeAt(i)) >>> 0;
  return value;
}
