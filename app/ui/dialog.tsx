import Button from '@atlaskit/button/new';
import Modal, { ModalBody, ModalFooter, ModalHeader, ModalTitle } from '@atlaskit/modal-dialog';
import type { ReactNode } from 'react';
import type { Refusal } from './api.ts';
import { RefusalMessage } from './refusal-message.tsx';
import { text } from './text.ts';

interface Props {
  readonly title: string;
  readonly appearance?: 'danger' | 'warning';
  readonly width?: 'small' | 'medium' | 'large' | 'x-large';
  /** Of the dialog's own call; shown above the content, where focus stays. */
  readonly refusal?: Refusal | null;
  readonly onClose: () => void;
  /** What closes without doing anything. */
  readonly closeLabel?: string;
  /** A form with unsaved work is not lost to a click beside it. */
  readonly holdsWork?: boolean;
  /** The buttons that do something. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

/** The frame that all dialogs share: title, refusal, content, buttons. Focus, Escape and labels come from Atlaskit. */
export function Dialog(props: Props) {
  return (
    <Modal onClose={props.onClose} width={props.width ?? 'medium'} shouldCloseOnOverlayClick={props.holdsWork !== true}>
      <ModalHeader hasCloseButton closeButtonLabel={text.actions.close}>
        <ModalTitle {...(props.appearance === undefined ? {} : { appearance: props.appearance })}>{props.title}</ModalTitle>
      </ModalHeader>
      <ModalBody>
        {props.refusal !== undefined && props.refusal !== null && <RefusalMessage refusal={props.refusal} />}
        {props.children}
      </ModalBody>
      <ModalFooter>
        <Button appearance="subtle" onClick={props.onClose}>
          {props.closeLabel ?? text.actions.cancel}
        </Button>
        {props.actions}
      </ModalFooter>
    </Modal>
  );
}
