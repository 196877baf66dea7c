import Button, { IconButton } from '@atlaskit/button/new';
import DropdownMenu, { DropdownItem, DropdownItemGroup } from '@atlaskit/dropdown-menu';
import type { SynchronizationRow } from '../contract/synchronizations.ts';
import { actionsFor, isBlocked, type RowAction } from './row-actions.ts';
import { text } from './text.ts';

interface Props {
  readonly row: SynchronizationRow;
  /** Id of the element with the name, so that a screen reader says which row a "Start" belongs to. */
  readonly describedBy: string;
  readonly onAction: (action: RowAction) => void;
}

/** A row's likeliest action as a button, the others in a menu. */
export function RowButtons({ row, describedBy, onAction }: Props) {
  const { primary, menu } = actionsFor(row);
  return (
    <div className="row-buttons">
      {primary !== null && (
        <Button spacing="compact" aria-describedby={describedBy} onClick={() => onAction(primary)}>
          {text.actions[primary]}
        </Button>
      )}
      {menu.length > 0 && (
        <DropdownMenu<HTMLButtonElement>
          placement="bottom-end"
          menuLabel={text.actions.menu}
          trigger={({ triggerRef, isSelected: _, testId: __, ...props }) => (
            <IconButton
              {...props}
              ref={triggerRef}
              spacing="compact"
              appearance="subtle"
              icon={MoreIcon}
              label={text.actions.moreFor(row.name)}
            />
          )}
        >
          <DropdownItemGroup>
            {menu.map((action) => (
              <DropdownItem
                key={action}
                onClick={() => onAction(action)}
                {...(isBlocked(action, row.status) ? { isDisabled: true, description: text.delete.stopFirst } : {})}
              >
                {text.actions[action]}
              </DropdownItem>
            ))}
          </DropdownItemGroup>
        </DropdownMenu>
      )}
    </div>
  );
}

/** Three dots. Drawn here because Atlaskit's icons are CommonJS modules, whose default export does not survive bundling into ESM. */
function MoreIcon() {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" fill="currentcolor" aria-hidden="true">
      <circle cx="3" cy="8" r="1.25" />
      <circle cx="8" cy="8" r="1.25" />
      <circle cx="13" cy="8" r="1.25" />
    </svg>
  );
}
