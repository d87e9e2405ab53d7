import type { ReactNode } from 'react';
export function EditorPage(): ReactNode {
  return null;
}
