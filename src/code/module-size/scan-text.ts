/** Something that loads or reads, and the function it stands in. */
export interface LoadEvent {
  readonly kind: 'import' | 'require' | 'resolve' | 'read' | 'path' | 'context';
  readonly value: string;
  /** Index of the innermost function; -1 for the module. */
  readonly within: number;
}

interface ScannedFunction {
  /** Empty where it has none. */
  readonly name: string;
  readonly parent: number;
  /** `(function () { … })()` */
  readonly isCalledAtOnce: boolean;
}

/** An open bracket. */
interface Bracket {
  readonly open: '(' | '[' | '{' | '=>' | '${';
  /** The token before it. */
  readonly before: string;
  /** The function that what follows stands in. */
  readonly within: number;
  readonly start: number;
  /** Of the list of parameters of a `function`: its name, and what stands before the word. */
  readonly head: { readonly name: string; readonly before: string } | null;
}

const TOKEN =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\w$]+|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\[\s\S])*'|=>|\.\.\.|[^\s]/y;
const WHITE = /\s+/y;
const BODY = /\s*\{/y;
const REGEX = /\/(?:[^\\/[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+\/\w*/y;
const DATA_FILE = /\.(dat|data|bin|db|mmdb|csv|tsv|txt|json|wasm|gz|br|xml|html|md|js|ttf)$/;
const READS = /^(readFileSync|openSync|readSync|readFile)$/;
/** A slash behind one of these begins a regular expression, and a brace behind their bracket a block. */
const BEFORE_EXPRESSION = /^(return|typeof|case|in|of|delete|void|throw|new|else|do|instanceof|yield|await)$/;
const BEFORE_BLOCK = /^(if|for|while|switch|catch|with|await)$/;
const CALLS_BACK_AT_ONCE = /^(map|forEach|filter|reduce|some|every)$/;
const STARTS_STATEMENT = /^(var|let|const|function|class|module|exports|if|return|import|export|for)$/;

/** Passes once over the tokens of a text, and notes what loads, what is called, and which functions there are. */
export class Scanner {
  readonly functions: ScannedFunction[] = [];
  readonly events: LoadEvent[] = [];
  /** Called name → the functions that call it. */
  readonly calls = new Map<string, Set<number>>();
  readonly #text: string;
  readonly #open: Bracket[] = [];
  #at = 0;
  #previous = '';
  #beforePrevious = '';
  /** The last bracket that was closed. */
  #closed: Bracket | null = null;
  /** `function name`, until its parameters begin. */
  #head: Bracket['head'] = null;
  /** What stands before the parameters of the last arrow. */
  #arrowBefore = '';
  /** The name that a function expression would be assigned to. */
  #assigned = '';

  constructor(text: string) {
    this.#text = text;
  }

  run(): void {
    const text = this.#text;
    while (this.#at < text.length) {
      WHITE.lastIndex = this.#at;
      const white = WHITE.exec(text)?.[0] ?? '';
      this.#at += white.length;
      if (white.includes('\n')) this.#endArrowAtLine();
      const token = this.#next();
      if (token === null) return;
      if (token.startsWith('//') || token.startsWith('/*')) continue;
      this.#take(token);
      this.#beforePrevious = this.#previous;
      this.#previous = token;
    }
  }

  get #within(): number {
    return this.#open.at(-1)?.within ?? -1;
  }

  #next(): string | null {
    const text = this.#text;
    const first = text[this.#at];
    if (first === undefined) return null;
    if (first === '/' && !this.#isAfterValue()) {
      const regex = match(REGEX, text, this.#at);
      if (regex !== null && regex[1] !== '*' && regex[1] !== '/') {
        this.#at += regex.length;
        return '/x/';
      }
    }
    if (first === '`') return this.#template(this.#at + 1);
    if (first === '}' && this.#open.at(-1)?.open === '${') {
      this.#open.pop();
      return this.#template(this.#at + 1);
    }
    const token = match(TOKEN, text, this.#at) ?? first;
    this.#at += token.length;
    return token;
  }

  /** To the end of a template, or to its next `${`. */
  #template(from: number): string {
    const text = this.#text;
    for (let at = from; at < text.length; at++) {
      if (text[at] === '\\') at++;
      else if (text[at] === '`') {
        this.#at = at + 1;
        return '``';
      } else if (text[at] === '$' && text[at + 1] === '{') {
        this.#at = at + 2;
        this.#push('${', null);
        return '${';
      }
    }
    this.#at = text.length;
    return '``';
  }

  #isAfterValue(): boolean {
    if (/^[\w$]/.test(this.#previous)) return !BEFORE_EXPRESSION.test(this.#previous);
    return /^[)\]}"'`/]/.test(this.#previous);
  }

  #take(token: string): void {
    const first = token[0]!;
    if (first === '"' || first === "'") this.#string(token.slice(1, -1));
    else if (token === '(') this.#parenthesis();
    else if (token === '[') this.#push('[', null);
    else if (token === '{') this.#brace();
    else if (token === ')' || token === ']' || token === '}') this.#close();
    else if (token === ',' || token === ';') this.#endArrow();
    else if (token === 'function') this.#head = { name: '', before: this.#wordBefore() };
    else if (token === '=>') this.#arrow();
    else if (/^[\w$]/.test(token)) this.#word(token);
    if (token === '=' && /^[\w$]/.test(this.#previous)) this.#assigned = this.#previous;
    else if (token === ';' || token === ',') this.#assigned = '';
  }

  #word(token: string): void {
    if (this.#previous === 'function' || (this.#previous === '*' && this.#beforePrevious === 'function')) {
      this.#head = { name: token, before: this.#head?.before ?? '' };
    } else if (READS.test(token)) this.#note('read', token);
    else if (token === 'createContext') this.#note('context', token);
    else if (this.#previous === '(' && CALLS_BACK_AT_ONCE.test(this.#open.at(-1)?.before ?? '')) {
      this.#called(token);
    }
  }

  /** What stands before `function`, or before `async function`. */
  #wordBefore(): string {
    return this.#previous === 'async' ? this.#beforePrevious : this.#previous;
  }

  #string(value: string): void {
    const bracket = this.#open.at(-1);
    if (this.#previous === 'from' || this.#previous === 'import') {
      if (this.#open.length === 0) this.#note('import', value);
    } else if (this.#previous === '(' && /^(__)?require$/.test(bracket?.before ?? '')) {
      this.#note('require', value);
    } else if (this.#previous === '(' && bracket?.before === 'resolve') {
      this.#note('resolve', value);
    } else if (DATA_FILE.test(value) && !value.includes(' ')) {
      this.#note('path', value);
    }
  }

  #note(kind: LoadEvent['kind'], value: string): void {
    this.events.push({ kind, value, within: this.#within });
  }

  #parenthesis(): void {
    const head = this.#head;
    const previous = this.#previous;
    if (head === null && /^[\w$]/.test(previous) && this.#beforePrevious !== '.') this.#called(previous);
    this.#push('(', head);
    this.#head = null;
  }

  #called(name: string): void {
    const callers = this.calls.get(name) ?? new Set();
    this.calls.set(name, callers.add(this.#within));
  }

  #brace(): void {
    const list = this.#previous === ')' ? this.#closed : null;
    if (this.#previous === '=>') {
      this.#enter(this.#assigned, this.#isCalledAtOnce(this.#arrowBefore));
    } else if (list?.head) {
      this.#enter(list.head.name || this.#assigned, this.#isCalledAtOnce(list.head.before));
    } else if (list && BEFORE_BLOCK.test(list.before)) {
      const isForProduction = list.before === 'if' && this.#asksForProduction(list.start);
      if (isForProduction) this.#enter('', false);
      else this.#push('{', null);
    } else if (list && /^[\w$"'\]]/.test(list.before)) {
      // A method. Bundlers keep modules as methods of what they call at once.
      this.#enter(
        '',
        this.#open.some(({ before }) => before === '__commonJS'),
      );
    } else {
      this.#push('{', null);
    }
  }

  #asksForProduction(start: number): boolean {
    const condition = this.#text.slice(start, this.#at);
    return /NODE_ENV\W+===?\s*["']production/.test(condition);
  }

  /** A function that stands in brackets of its own, behind an operator, or as an argument of one that does. */
  #isCalledAtOnce(before: string): boolean {
    if (/^[!+~-]$|^void$/.test(before)) return true;
    const bracket = this.#open.at(-1);
    if (bracket?.open !== '(') return false;
    if (CALLS_BACK_AT_ONCE.test(bracket.before)) return true;
    if (before === '(' || before === 'async') {
      const isGrouping = !/^[\w$\])]/.test(bracket.before) || BEFORE_EXPRESSION.test(bracket.before);
      return isGrouping || bracket.before === ')';
    }
    return before === ',' && /^[)}]$/.test(bracket.before);
  }

  #enter(name: string, isCalledAtOnce: boolean): void {
    const index = this.functions.push({ name, parent: this.#within, isCalledAtOnce }) - 1;
    this.#open.push({ open: '{', before: this.#previous, within: index, start: this.#at, head: null });
    this.#assigned = '';
  }

  /** An arrow's body without braces is a function to the end of the expression. */
  #arrow(): void {
    this.#arrowBefore = this.#previous === ')' ? (this.#closed?.before ?? '') : '';
    BODY.lastIndex = this.#at;
    if (!BODY.test(this.#text)) this.#push('=>', null);
  }

  #push(open: Bracket['open'], head: Bracket['head']): void {
    const { length } = this.functions;
    const within = this.#within;
    if (open === '=>') {
      this.functions.push({ name: this.#assigned, parent: within, isCalledAtOnce: false });
    }
    this.#open.push({
      open,
      before: this.#previous,
      within: open === '=>' ? length : within,
      start: this.#at,
      head,
    });
  }

  #close(): void {
    this.#endArrow();
    this.#closed = this.#open.pop() ?? null;
  }

  #endArrow(): void {
    while (this.#open.at(-1)?.open === '=>') this.#open.pop();
  }

  /** Without semicolons an arrow's expression ends where the next statement begins. */
  #endArrowAtLine(): void {
    if (this.#open.at(-1)?.open !== '=>' || this.#previous === '=>') return;
    const word = /^[\w$]+/.exec(this.#text.slice(this.#at, this.#at + 12))?.[0];
    if (word !== undefined && STARTS_STATEMENT.test(word)) this.#endArrow();
  }
}

/** What a sticky expression matches at an offset; null where it does not. */
function match(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}
