import { SampleShop } from './sample-shop';
import { HeapPanel } from './workbench/heap-panel';
import { Workbench } from './workbench/workbench';

/** The sample shop, built and running, and a window of its own that is attached to it. */
export class AttachedShop {
  readonly shop: SampleShop;
  readonly workbench: Workbench;
  readonly panel: HeapPanel;

  private constructor(shop: SampleShop, workbench: Workbench) {
    this.shop = shop;
    this.workbench = workbench;
    this.panel = new HeapPanel(workbench);
  }

  static async open(settings?: Readonly<Record<string, unknown>>): Promise<AttachedShop> {
    const shop = await SampleShop.create();
    let workbench: Workbench | undefined;
    try {
      await shop.build();
      await shop.start();
      workbench = await Workbench.open({ workspace: shop.folder, ...(settings ? { settings } : {}) });
      const attached = new AttachedShop(shop, workbench);
      await workbench.command('Heapwright: Attach to Node Process...');
      await workbench.quickInput.choose(new RegExp(`pid ${shop.pid}\\b`));
      await attached.panel.get('heap-used').waitFor();
      return attached;
    } catch (error) {
      await workbench?.saveScreenshot('attach-failed');
      await workbench?.close();
      await shop.dispose();
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.workbench.close();
    await this.shop.dispose();
  }
}
