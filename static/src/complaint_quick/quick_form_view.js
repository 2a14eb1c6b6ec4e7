import { useExternalListener } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * A form for people on the phone: Enter presses the main button, wherever one types.
 *
 * Shift+Enter makes a new line; a list that is open keeps Enter for its choice.
 */
export class QuickComplaintController extends FormController {
    setup() {
        super.setup();
        useExternalListener(window, "keydown", (event) => this.onKeydown(event));
    }

    onKeydown(event) {
        const form = event.target.closest?.(".o_customer_quick_complaint");
        const isChoosing = document.querySelector(
            ".o-autocomplete--dropdown-menu, .o_select_menu_menu"
        );
        if (event.key !== "Enter" || event.shiftKey || !form || isChoosing) {
            return;
        }
        const dialog = form.closest(".modal-content") || form;
        const button = dialog.querySelector(
            "footer button.btn-primary, .o_form_statusbar button.btn-primary"
        );
        if (button && event.target !== button) {
            event.preventDefault();
            event.stopPropagation();
            // what was typed last becomes part of the record first
            event.target.dispatchEvent(new Event("change", { bubbles: true }));
            button.click();
        }
    }
}

registry.category("views").add("customer_complaint_quick", {
    ...formView,
    Controller: QuickComplaintController,
});
