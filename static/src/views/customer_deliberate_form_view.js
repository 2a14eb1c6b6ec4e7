import { registry } from "@web/core/registry";
import { FormController } from "@web/views/form/form_controller";
import { formView } from "@web/views/form/form_view";

/**
 * A form whose first saving has consequences, and which is valid before anybody types.
 *
 * Other forms save a new record when the tab is closed or another one is looked at. Whoever
 * has only opened this one has not decided anything.
 */
export class CustomerDeliberateFormController extends FormController {
    get isUntouched() {
        return this.model.root.isNew && !this.model.root.dirty;
    }

    beforeVisibilityChange() {
        return this.isUntouched ? undefined : super.beforeVisibilityChange();
    }

    async beforeUnload(event) {
        return this.isUntouched ? undefined : super.beforeUnload(event);
    }
}

registry.category("views").add("customer_deliberate_form", {
    ...formView,
    Controller: CustomerDeliberateFormController,
});
