/** A stretch of time, in seconds. */
export interface TimeRange {
  readonly min: number;
  readonly max: number;
}

/** What a chart lets the user move. */
export interface Navigable {
  /** What is shown. */
  readonly shown: TimeRange;
  /** What there is. */
  readonly extent: TimeRange;
  /** Shows another part; null goes back to the moving window. */
  show(range: TimeRange | null): void;
}

/** A key press moves by this share of what is shown. */
const STEP = 0.1;
const ZOOM = 1.25;
const SHORTEST_S = 1;

/**
 * Moves a chart through time: the wheel with Shift (or sideways) and the arrow keys move, the wheel with Ctrl and the
 * keys + and - zoom, Escape goes back.
 */
export function navigate(element: HTMLElement, chart: Navigable): { dispose(): void } {
  const onWheel = (event: WheelEvent): void => {
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey) {
      const { left, width } = element.getBoundingClientRect();
      zoom(chart, event.deltaY > 0 ? ZOOM : 1 / ZOOM, (event.clientX - left) / width);
    } else if (sideways !== 0) move(chart, sideways / element.clientWidth);
    else return;
    event.preventDefault();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'ArrowLeft') move(chart, -STEP);
    else if (event.key === 'ArrowRight') move(chart, STEP);
    else if (event.key === '+' || event.key === '=') zoom(chart, 1 / ZOOM, 0.5);
    else if (event.key === '-') zoom(chart, ZOOM, 0.5);
    else if (event.key === 'Escape') chart.show(null);
    else return;
    event.preventDefault();
  };
  element.addEventListener('wheel', onWheel, { passive: false });
  element.addEventListener('keydown', onKey);
  return {
    dispose: () => {
      element.removeEventListener('wheel', onWheel);
      element.removeEventListener('keydown', onKey);
    },
  };
}

function move(chart: Navigable, share: number): void {
  const { shown, extent } = chart;
  const span = shown.max - shown.min;
  const min = Math.max(extent.min, Math.min(extent.max - span, shown.min + share * span));
  chart.show({ min, max: min + span });
}

/** `at` stays in its place: 0 is the left edge, 1 the right one. */
function zoom(chart: Navigable, factor: number, at: number): void {
  const { shown, extent } = chart;
  const old = shown.max - shown.min;
  const span = Math.max(SHORTEST_S, Math.min(extent.max - extent.min, old * factor));
  const min = Math.max(extent.min, Math.min(extent.max - span, shown.min + at * (old - span)));
  chart.show({ min, max: min + span });
}
