import ts from 'typescript';
import { enclosingFunction } from '../program/parsed-file';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import { nameOfFunction } from './function-names';
import { addedValue, looksUpWhatItAdds } from './stored-values';

/** Said once for each message: as many entries as there are things to be said. */
export function isWarnedOnce({ name }: CollectionDeclaration, uses: readonly CollectionUse[]): boolean {
  const additions = uses.filter((use) => use.kind === 'add');
  // Users are told one by one, and there is no end of users.
  if (additions.some(({ key }) => OF_SOMEBODY.test(key))) return false;
  if (SAID_SURELY.test(name.text) && looksUpWhatItAdds(uses)) return true;
  return (
    additions.length > 0 &&
    additions.every((use) => {
      const around = enclosingFunction(use.node);
      const isSingle = ts.isCallExpression(use.node) && use.node.arguments.length === 1;
      const isMark = isSingle || addedValue(use)?.kind === ts.SyntaxKind.TrueKeyword || SAID.test(name.text);
      if (!isMark || around === null) return false;
      // What is not called so is noted for other ends, too, in a function that also warns of something.
      const isSaid = SAID.test(name.text)
        ? SAYS.test(around.getText())
        : WARNS.test(blockAround(use.node, around).getText());
      if (!isSaid && !SAYS_ONCE.test(nameOfFunction(around))) return false;
      return looksUpWhatItAdds(uses);
    })
  );
}

/** The nearest block, or the whole function where it has none. */
function blockAround(node: ts.Node, around: ts.Node): ts.Node {
  return ts.findAncestor(node, (one) => ts.isBlock(one) || one === around) ?? around;
}

const OF_SOMEBODY = /\b(user|author|member|sender|client|session|guild|chat)(\.id|_?[iI][dD])$|(^|\.)ip$/;
const SAID = /warn|unknown|deprecat|emitted|reported|shown|logged|notified/i;
const SAID_SURELY = /warned|warnings?$|deprecat|emittedCodes|alreadyLogged/i;
const WARNS =
  /\b(console\.(warn|error)|std(err|out)\.write|emitWarning|deprecat\w*|\w*[lL]og(ger)?\.warn|warn(ing|Once)?)\(/;

/** `logOnce(message)` */
const SAYS_ONCE = /(log|warn|report|tell|deprecat)\w*Once$/i;
const SAYS = new RegExp(`${WARNS.source}|\\bconsole\\.log\\(`);
