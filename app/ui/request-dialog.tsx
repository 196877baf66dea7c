import Button from '@atlaskit/button/new';
import TextArea from '@atlaskit/textarea';
import { useCallback, useState } from 'react';
import type { SynchronizationDetail, SynchronizationRow } from '../contract/synchronizations.ts';
import { ContentSummary } from './content-summary.tsx';
import { Dialog } from './dialog.tsx';
import { Field } from './field.tsx';
import type { RowDialogProps } from './row-dialog.ts';
import { namesOf, siteName } from './side-names.ts';
import { text } from './text.ts';
import { useTools } from './tools.ts';
import { useLoaded } from './use-loaded.ts';
import { useSubmit } from './use-submit.ts';
import { WhenLoaded } from './when-loaded.tsx';

const words = text.request;
/** As the contract has it. */
const LONGEST_REASON = 500;

/** Titles by what the request is to this space. One that was answered meanwhile reads like a sent one. */
const titleOf = (status: SynchronizationRow['status']): string => {
  if (status === 'incoming-request') return words.incomingTitle;
  if (status === 'expired') return words.expiredTitle;
  return status === 'declined' ? words.declinedTitle : words.sentTitle;
};

/** Who asks for what. The asked side answers here; the asking side reads what it waits for. */
export function RequestDialog({ row, here, onClose }: RowDialogProps) {
  const { api } = useTools();
  const [loaded, retry] = useLoaded(
    useCallback(() => api.readSynchronization(row.synchronizationId), [api, row.synchronizationId]),
  );
  const answer = useAnswer(row, onClose);
  const incoming = row.status === 'incoming-request';
  // Only the side that asked can ask again.
  const repeatable = (row.status === 'declined' || row.status === 'expired') && row.side === 'A';

  return (
    <Dialog
      title={titleOf(row.status)}
      width="large"
      refusal={answer.refusal}
      onClose={onClose}
      closeLabel={text.actions.close}
      actions={
        loaded.state === 'loaded' && (
          <>
            {incoming && <AnswerButtons answer={answer} />}
            {repeatable && (
              <Button appearance="primary" isLoading={answer.given === 'send-again'} onClick={answer.sendAgain}>
                {text.actions.sendAgain}
              </Button>
            )}
          </>
        )
      }
    >
      <WhenLoaded loaded={loaded} loadingLabel={words.loading} onRetry={retry}>
        {(detail) => (
          <div className="request">
            <p>{introOf(row, here.projectName)}</p>
            <Offer detail={detail} row={row} here={here} />
            {incoming && <p>{words.acceptMeans(row.partner.projectName)}</p>}
            {incoming && <Reason value={answer.reason} onChange={answer.setReason} />}
          </div>
        )}
      </WhenLoaded>
    </Dialog>
  );
}

function Reason({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <Field label={words.ownReason} hint={words.ownReasonHint}>
      {(control) => (
        <TextArea
          {...control}
          minimumRows={2}
          maxLength={LONGEST_REASON}
          value={value}
          onChange={(event) => onChange(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

function AnswerButtons({ answer }: { answer: ReturnType<typeof useAnswer> }) {
  return (
    <>
      <Button isLoading={answer.given === 'decline'} isDisabled={answer.given === 'accept'} onClick={answer.decline}>
        {text.actions.decline}
      </Button>
      <Button
        appearance="primary"
        isLoading={answer.given === 'accept'}
        isDisabled={answer.given === 'decline'}
        onClick={answer.accept}
      >
        {text.actions.accept}
      </Button>
    </>
  );
}

/** What can be said to a request. `given` says which of it is under way. */
function useAnswer(row: SynchronizationRow, onClose: () => void) {
  const { api, host } = useTools();
  const submit = useSubmit();
  const [reason, setReason] = useState('');
  const [chosen, setChosen] = useState<'accept' | 'decline' | 'send-again'>('accept');

  const accept = () => {
    setChosen('accept');
    submit.run(
      () => api.acceptSynchronization(row.synchronizationId),
      () => {
        host.flag({ ...words.accepted(row.name), type: 'success' });
        onClose();
      },
    );
  };
  const decline = () => {
    setChosen('decline');
    submit.run(
      () => api.declineSynchronization(row.synchronizationId, reason),
      () => {
        host.flag({ ...words.declined(row.name), type: 'info' });
        onClose();
      },
    );
  };
  const sendAgain = () => {
    setChosen('send-again');
    submit.run(
      () => api.sendSynchronizationAgain(row.synchronizationId),
      () => {
        host.flag({ ...words.sentAgain(row.name, row.partner.projectName), type: 'success' });
        onClose();
      },
    );
  };
  return { accept, decline, sendAgain, reason, setReason, given: submit.busy ? chosen : null, refusal: submit.refusal };
}

function introOf(row: SynchronizationRow, here: string): string {
  const { partner } = row;
  const site = siteName(partner.siteUrl);
  if (row.status === 'incoming-request') return words.asks(partner.projectName, site, here);
  if (row.status === 'expired')
    return row.side === 'A' ? words.theyWereSilent(partner.projectName, site) : words.weWereSilent(partner.projectName, site);
  if (row.status !== 'declined') return words.waits(partner.projectName, site);
  return row.side === 'A' ? words.theyDeclined(partner.projectName, site) : words.weDeclined(partner.projectName, site);
}

function Offer({ detail, row, here }: { detail: SynchronizationDetail } & Pick<RowDialogProps, 'row' | 'here'>) {
  return (
    <>
      <dl className="facts">
        <dt>{text.wizard.overview.name}</dt>
        <dd>{detail.name}</dd>
        {detail.description !== '' && (
          <>
            <dt>{words.message}</dt>
            <dd className="as-typed">{detail.description}</dd>
          </>
        )}
        {detail.request !== null && detail.request.declineReason !== null && (
          <>
            <dt>{words.reason}</dt>
            <dd className="as-typed">{detail.request.declineReason}</dd>
          </>
        )}
      </dl>
      <h2>{words.offered}</h2>
      <ContentSummary content={detail.content} sides={namesOf(row, here)} />
    </>
  );
}
