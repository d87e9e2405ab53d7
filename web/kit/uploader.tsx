import { useQueryClient } from '@tanstack/react-query';
import { useRef, useState, type ReactNode } from 'react';
import { t } from '../text/en.ts';
import { api, keyOf } from './api.ts';
import { showBytes } from './format.ts';
import { Button } from './form.tsx';
import { Go } from './go.tsx';
import { Problem } from './problem.tsx';
import { droppedFiles, upload } from './upload.ts';

interface Sending {
  readonly file: File;
  readonly sent: number;
  readonly asset?: string;
  /** What came of it. */
  readonly said?: string;
  readonly error?: unknown;
  readonly paused?: true;
}

/** Takes files and folders, dropped or chosen, into a case; one after the other, each can be stopped and gone on with. */
export function Uploader({ caseId }: { readonly caseId: string }): ReactNode {
  const [list, setList] = useState<readonly Sending[]>([]);
  const [over, setOver] = useState(false);
  const queries = useQueryClient();
  const stop = useRef(new Map<File, AbortController>());
  const last = useRef(Promise.resolve());
  const change = (file: File, changes: Partial<Sending>): void =>
    setList((now) => now.map((one) => (one.file === file ? { ...one, ...changes } : one)));
  const send = async (file: File): Promise<void> => {
    const stopped = new AbortController();
    stop.current.set(file, stopped);
    setList((now) => [...now.filter((one) => one.file !== file), { file, sent: 0 }]);
    try {
      const asset = await upload({
        caseId,
        file,
        signal: stopped.signal,
        onProgress: (sent) => change(file, { sent }),
      });
      const { nameMismatch, mediaType } = (await api.call('getAsset', { params: { id: asset } })).body;
      change(file, { asset, said: saidOf(file, nameMismatch, mediaType) });
      for (const id of ['listAssets', 'listLibrary', 'listCaseActivity'] as const)
        void queries.invalidateQueries({ queryKey: keyOf(id) });
    } catch (error) {
      change(file, stopped.signal.aborted ? { paused: true } : { error });
    }
  };
  const sendAll = (files: readonly File[]): void => {
    for (const file of files) last.current = last.current.then(() => send(file));
  };
  return (
    <div>
      <div
        className={`tw-drop ${over ? 'tw-drop--over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          setOver(false);
          void droppedFiles(event.dataTransfer).then(sendAll);
        }}
      >
        <span>{t.upload.drop}</span>
        <Chooser words={t.upload.files} onFiles={sendAll} />
        <Chooser words={t.upload.folder} onFiles={sendAll} folder />
      </div>
      <ul className="tw-plain" aria-live="polite">
        {list.map(({ file, sent, asset, said, error, paused }) => (
          <li key={`${file.name}:${file.lastModified}:${file.size}`} className="tw-sending">
            <span>{asset === undefined ? file.name : <Go to={`/library/${asset}`}>{file.name}</Go>}</span>
            {asset === undefined && error === undefined && (
              <progress
                value={sent}
                max={Math.max(1, file.size)}
                aria-label={t.upload.progressOf(file.name)}
              />
            )}
            <span className="tw-quiet">
              {asset !== undefined
                ? (said ?? t.upload.done)
                : paused
                  ? t.upload.paused
                  : t.upload.of(showBytes(sent), showBytes(file.size))}
            </span>
            {asset === undefined && error === undefined && paused === undefined && (
              <Button kind="unstyled" onClick={() => stop.current.get(file)?.abort()}>
                {t.upload.pause}
              </Button>
            )}
            {asset === undefined && (paused === true || error !== undefined) && (
              <Button kind="unstyled" onClick={() => sendAll([file])}>
                {t.upload.resume}
              </Button>
            )}
            <Problem error={error} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/** What is odd about a file is said at once, while the person still has the right one at hand. */
function saidOf({ size }: File, misnamed: boolean, mediaType: string): string {
  if (size === 0) return t.upload.empty;
  if (misnamed) return t.upload.misnamed;
  return /^(image|video|audio)\//.test(mediaType) ? t.upload.done : t.upload.noMedia;
}

function Chooser({
  words,
  onFiles,
  folder = false,
}: {
  readonly words: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly folder?: boolean;
}): ReactNode {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <Button onClick={() => input.current?.click()}>{words}</Button>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={words}
        {...(folder ? { webkitdirectory: '' } : {})}
        onChange={({ currentTarget }) => {
          onFiles([...(currentTarget.files ?? [])]);
          currentTarget.value = '';
        }}
      />
    </>
  );
}
