import type { ParsedFile } from '../program/parsed-file';
import type { CollectionDeclaration } from './collection-declarations';
import type { CollectionUse } from './collection-uses';
import type { Life } from './holder-lives';

/** One thing that speaks for growth without end (above 0) or against it; 1 is a hint, 3 is nearly a proof. */
export interface GrowthSign {
  readonly weight: number;
  readonly what: string;
}

/** A collection with what is known when it is weighed. */
export interface Given {
  readonly file: ParsedFile;
  readonly declaration: CollectionDeclaration;
  readonly uses: readonly CollectionUse[];
  readonly additions: readonly CollectionUse[];
  readonly life: Life;
}

/** Of these a program has as many as were written or configured. */
export const OF_PARTS =
  /Plugin|Module|Component|Extension|Command|Catalog|Schema|Config|Theme|Locale|Bundle|Metadata|Package|Dependenc|Inject|Collection|Port(s|Service|Manager)?$/;
