import type * as t from '@babel/types';

/** Where something stands in a script, both counted from zero as V8 does. */
export interface ScriptPlace {
  readonly line: number;
  readonly column: number;
}

const skippedKeys = new Set(['loc', 'extra', 'errors', 'tokens', 'comments', 'start', 'end', 'type']);

/** The nodes directly below a node, in source order as the parser stores them. */
export function* childNodes(node: t.Node): Generator<t.Node> {
  for (const [key, value] of Object.entries(node)) {
    if (skippedKeys.has(key) || typeof value !== 'object' || value === null) continue;
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child && typeof child.type === 'string') yield child;
    }
  }
}

/** Visits a node and everything below it; `visit` returns false to stay out of a subtree. */
export function walk(node: t.Node, visit: (node: t.Node) => boolean | undefined): void {
  if (visit(node) === false) return;
  for (const child of childNodes(node)) walk(child, visit);
}

/** True for everything that has parameters and a body of its own. */
export function isFunction(node: t.Node): node is t.Function {
  return (
    node.type === 'FunctionDeclaration' ||
    node.type === 'FunctionExpression' ||
    node.type === 'ArrowFunctionExpression' ||
    node.type === 'ClassMethod' ||
    node.type === 'ClassPrivateMethod' ||
    node.type === 'ObjectMethod'
  );
}

export function isClass(node: t.Node): node is t.Class {
  return node.type === 'ClassDeclaration' || node.type === 'ClassExpression';
}

/** A script's syntax tree with V8's line and column addressing. */
export class ScriptSyntax {
  readonly program: t.Program;
  readonly text: string;
  readonly #lineStarts: readonly number[];

  private constructor(program: t.Program, text: string) {
    this.program = program;
    this.text = text;
    this.#lineStarts = lineStartsOf(text);
  }

  /**
   * Parses a script as V8 ran it; TypeScript that Node ran with its types blanked out keeps its positions, so the
   * file itself is parsed. Null when not even a tolerant parse succeeds.
   */
  static async parse(source: string, fileName: string): Promise<ScriptSyntax | null> {
    const { parse } = await import('@babel/parser');
    // Node drops the byte order mark before it compiles.
    const text = source.charCodeAt(0) === 0xfeff ? source.slice(1) : source;
    try {
      const file = parse(text, {
        sourceType: 'unambiguous',
        errorRecovery: true,
        allowReturnOutsideFunction: true,
        allowAwaitOutsideFunction: true,
        allowSuperOutsideMethod: true,
        allowNewTargetOutsideFunction: true,
        allowUndeclaredExports: true,
        attachComment: false,
        plugins: /\.[cm]?tsx?$/.test(fileName) ? ['typescript', 'decorators'] : [],
      });
      return new ScriptSyntax(file.program, text);
    } catch {
      return null;
    }
  }

  /** The nodes that enclose a place, outermost (the program) first. */
  enclosing(place: ScriptPlace): t.Node[] {
    const start = this.#lineStarts[place.line];
    if (start === undefined) return [this.program];
    const offset = start + place.column;
    const chain: t.Node[] = [this.program];
    for (let node: t.Node | undefined = this.program; node; ) {
      let next: t.Node | undefined;
      for (const child of childNodes(node)) {
        if (child.start! <= offset && offset < child.end!) {
          next = child;
          break;
        }
      }
      if (next) chain.push(next);
      node = next;
    }
    return chain;
  }

  /**
   * The function or class that V8 means by a function's location: V8 names the opening parenthesis of a function,
   * the start of an arrow's parameters, and the `class` keyword of a class without a constructor of its own.
   */
  functionAt(place: ScriptPlace): { chain: t.Node[]; node: t.Node } {
    const chain = this.enclosing(place);
    for (let index = chain.length - 1; index >= 0; index--) {
      const node = chain[index]!;
      if (isFunction(node) || isClass(node)) return { chain: chain.slice(0, index + 1), node };
    }
    return { chain: [this.program], node: this.program };
  }

  /** The place where a node starts. */
  placeOf(node: t.Node): ScriptPlace {
    return { line: node.loc!.start.line - 1, column: node.loc!.start.column };
  }

  /** The place behind a node. */
  endOf(node: t.Node): ScriptPlace {
    return { line: node.loc!.end.line - 1, column: node.loc!.end.column };
  }
}

function lineStartsOf(text: string): number[] {
  const starts = [0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 13 && text.charCodeAt(index + 1) === 10) continue;
    if (code === 10 || code === 13 || code === 0x2028 || code === 0x2029) starts.push(index + 1);
  }
  return starts;
}
