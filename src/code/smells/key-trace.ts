import type ts from 'typescript';
import type { ParsedFile } from '../program/parsed-file';

/** How far a key is followed: through variables, parameters and their callers. */
export const MOST_STEPS = 7;

/** From here on it is no guess by a word. */
export const PROVED = 3;

/** More than a word: what was sent with an event or a request, though what holds it may go with what sent it. */
export const READ_OF_RECEIVED = 2.5;

/** One key that is being followed to where its values come from; each answer is an openness between -4 and 4. */
export interface KeyTrace {
  readonly file: ParsedFile;
  /** What a name says counts, too. */
  readonly trustsWords: boolean;
  /** What a name says by itself. */
  word(name: string): number;
  /** What a method's name says of what it returns. */
  wordOfCall(method: string): number;
  /** What has come from outside under a name: as open as `proof` says, unless it is called as a part of the program. */
  received(name: string, word: number, proof: number): number;
  /** Any value, after so many steps. */
  of(expression: ts.Expression, steps: number): number;
  /** The most open of several. */
  most(parts: readonly ts.Expression[], steps: number): number;
  /** A variable or a parameter. */
  ofName(name: ts.Identifier, steps: number): number;
  /** What the function that is called returns, as it is written there; 0 where that is not known. */
  ofReturned(call: ts.CallExpression, callee: ts.Expression, steps: number): number;
  /** What the constructor gives a field of its object. */
  assignedToField(access: ts.PropertyAccessExpression): ts.Expression[];
}
