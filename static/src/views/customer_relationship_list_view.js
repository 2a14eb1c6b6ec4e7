import { registry } from "@web/core/registry";
import { ListController } from "@web/views/list/list_controller";
import { listView } from "@web/views/list/list_view";

import { CustomerEvaluationBanner } from "../banner/evaluation_banner";

export class CustomerRelationshipListController extends ListController {
    static template = "customer_retention.RelationshipListView";
    static components = { ...ListController.components, CustomerEvaluationBanner };
}

registry.category("views").add("customer_relationship_list", {
    ...listView,
    Controller: CustomerRelationshipListController,
});
