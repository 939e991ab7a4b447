import type { CollectionsAction, CollectionsState } from '../../protocol/census';
import type { PanelView } from '../panel/panel-view';
import { findLines, type LineFinder } from './find-lines';
import type { LiveCollections } from './live-collections';
import type { LocatedCollections } from './located-collections';

/** The tab of the largest living collections. */
export class CollectionsView implements PanelView<'collections'> {
  readonly name = 'collections';
  readonly #collections: LiveCollections;
  readonly #located: LocatedCollections;
  readonly #finder: LineFinder;

  constructor(collections: LiveCollections, located: LocatedCollections, finder: LineFinder) {
    this.#collections = collections;
    this.#located = located;
    this.#finder = finder;
  }

  get onDidChange() {
    return this.#collections.onDidChange;
  }

  get state(): CollectionsState {
    return this.#collections.state;
  }

  setVisible(visible: boolean): void {
    this.#collections.look('tab', visible);
  }

  async handle(action: CollectionsAction): Promise<void> {
    switch (action.type) {
      case 'count':
        return await this.#collections.count();
      case 'automatic':
        return await this.#collections.setAutomatic(action.on);
      case 'findLines':
        return await this.#collections.locate((target, objectIds) =>
          findLines(this.#finder, target, objectIds),
        );
      case 'open':
        return await this.#located.show(action.id);
    }
  }
}
