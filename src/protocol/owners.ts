import type { EdgeRow, NodeRow, ScriptLocation } from './snapshot';

/** One step from a holder down towards what grows. */
export interface OwnerStep {
  readonly edge: { readonly type: EdgeRow['type']; readonly name: string };
  /** The holder. */
  readonly holder: NodeRow;
}

/** What names the thing that grows: the nearest declaration that holds it. */
export type Anchor =
  /** A slot of a Context: a variable, as the functions at `from` see it. */
  | {
      readonly kind: 'variable';
      readonly name: string;
      readonly from: readonly ScriptLocation[];
      /** Given where `name` is only the constructor of what it holds, until the source tells. */
      readonly unnamed?: UnnamedSlot;
    }
  /** A property of a class or function object. */
  | {
      readonly kind: 'static';
      readonly name: string;
      readonly className: string;
      readonly at: ScriptLocation;
    }
  /** A field of an instance whose class a user can open. */
  | {
      readonly kind: 'field';
      readonly name: string;
      readonly className: string;
      readonly at: ScriptLocation;
    }
  /** A binding that an ES module exports. */
  | { readonly kind: 'export'; readonly name: string; readonly scriptId: number }
  | { readonly kind: 'global'; readonly name: string }
  /** Only Node's own code, or nothing nameable, holds it. */
  | { readonly kind: 'internal'; readonly name: string; readonly holder: NodeRow | null };

/** V8 names the variables of functions and modules, but not those of a block within: only their order is known. */
export interface UnnamedSlot {
  /** Place among the block's variables that hold an object, from 0, in the order of their declaration. */
  readonly place: number;
  /** How many these are. */
  readonly count: number;
}

/** The way from an anchor down to an object. */
export interface Owner {
  readonly anchor: Anchor;
  /** The object that the anchor names: the Context, class, instance, module or global object. */
  readonly anchorNode: NodeRow | null;
  /** From the anchor down; the first step's edge is the anchor's own. */
  readonly steps: readonly OwnerStep[];
}

/** A variable of a Context. */
export interface OwnerAlias {
  /** The Context's id. */
  readonly holder: number;
  readonly name: string;
  /** The function whose parameter it is: each call makes one more Context that has it. Null for no parameter. */
  readonly within: ScriptRange | null;
}

/** From the start of `from` to before `to`, which is in the same script. */
export interface ScriptRange {
  readonly from: ScriptLocation;
  readonly to: Omit<ScriptLocation, 'scriptId'>;
}

/** How the owner of an object is looked for. */
export interface OwnerQuery {
  readonly id: number;
  /** Scripts that are not Node's own: only what their code declares names an owner. */
  readonly userScripts: readonly number[];
  /** How many holders are looked at; chains of hundreds of links need more. */
  readonly mostVisits: number;
  /**
   * Given, only what was there before the growth may name it: no links of a chain (objects of class `linkName`), no
   * closures of one request. `snapshot` is the handle of an earlier one of the same process.
   */
  readonly before: { readonly snapshot: number; readonly linkName: string } | null;
  /** Variables that are another's name for what they hold. */
  readonly aliases?: readonly OwnerAlias[];
}

export interface OwnerAnswer {
  readonly owner: Owner | null;
  /** How many holders were looked at. */
  readonly visits: number;
}
