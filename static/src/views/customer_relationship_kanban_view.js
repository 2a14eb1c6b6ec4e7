import { registry } from "@web/core/registry";
import { DynamicGroupList } from "@web/model/relational_model/dynamic_group_list";
import { RelationalModel } from "@web/model/relational_model/relational_model";
import { KanbanController } from "@web/views/kanban/kanban_controller";
import { kanbanView } from "@web/views/kanban/kanban_view";

import { CustomerEvaluationBanner } from "../banner/evaluation_banner";

const AXIS_OF_FIELD = { stage_id: "position", condition_id: "condition" };

/**
 * A card does not simply move: position and condition follow the rules, and whoever
 * decides otherwise says why and until when. The card stays where it is until then.
 */
export class CustomerRelationshipGroupList extends DynamicGroupList {
    async moveRecord(dataRecordId, dataGroupId, refId, targetGroupId) {
        const axis = AXIS_OF_FIELD[this.groupByField.name];
        const [source, target] = [dataGroupId, targetGroupId].map((groupId) =>
            this.groups.find((group) => group.id === groupId)
        );
        const record = source?.list.records.find(({ id }) => id === dataRecordId);
        if (axis && record && target?.value && source !== target) {
            return this.askWhy(record, axis, target.value);
        }
    }

    /**
     * @param {Object} record the card
     * @param {"position" | "condition"} axis
     * @param {number} value id of the column it was dropped on
     */
    async askWhy(record, axis, value) {
        const { orm, action } = this.model;
        const wizard = await orm.call(this.resModel, "action_open_pin_wizard", [[record.resId]], {
            context: {
                ...this.context,
                default_axis: axis,
                [`default_${this.groupByField.name}`]: value,
            },
        });
        return action.doAction(wizard, { onClose: () => this.model.load() });
    }
}

export class CustomerRelationshipKanbanModel extends RelationalModel {
    static DynamicGroupList = CustomerRelationshipGroupList;
}

export class CustomerRelationshipKanbanController extends KanbanController {
    static template = "customer_retention.RelationshipKanbanView";
    static components = { ...KanbanController.components, CustomerEvaluationBanner };
}

registry.category("views").add("customer_relationship_kanban", {
    ...kanbanView,
    Controller: CustomerRelationshipKanbanController,
    Model: CustomerRelationshipKanbanModel,
});
