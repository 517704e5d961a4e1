import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";

/** Whoever registers the same again, because the first time seemed lost, is asked before it is made twice. */
export class CaseFormController extends formView.Controller {
    async onWillSaveRecord(record, changes) {
        const proceed = await super.onWillSaveRecord(record, changes);
        if (proceed === false || !record.isNew || !changes.description) {
            return proceed;
        }
        const first = await this.orm.call(record.resModel, "same_just_now", [], { vals: changes });
        return first ? this.askTwice(record, first) : proceed;
    }

    askTwice(record, first) {
        return new Promise((resolve) => {
            this.dialogService.add(ConfirmationDialog, {
                title: _t("Registered Already?"),
                body: _t(
                    "%(number)s was registered by you %(minutes)s minutes ago for the same customer in the same words. Register it a second time?",
                    { number: first.name, minutes: first.minutes }
                ),
                confirmLabel: _t("Register It Again"),
                confirm: () => resolve(true),
                cancelLabel: _t("Open the First One"),
                cancel: async () => {
                    resolve(false);
                    await record.discard();
                    await this.model.load({ resId: first.id, resIds: [first.id] });
                },
                dismiss: () => resolve(false),
            });
        });
    }
}

registry.category("views").add("cs_case_form", { ...formView, Controller: CaseFormController });
