import { registry } from "@web/core/registry";
import { listView } from "@web/views/list/list_view";

/** Rows of an old ledger come by the importer alone, which asks for the right to create. */
export class LedgerListController extends listView.Controller {
    setup() {
        super.setup();
        this.activeActions = { ...this.activeActions, create: false };
    }
}

registry.category("views").add("cs_ledger_list", { ...listView, Controller: LedgerListController });
