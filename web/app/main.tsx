import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@uswds/uswds/css/uswds.min.css';
import './uswds.css';
import './console.css';
import './lists.css';
import './parts.css';
import { newQueryClient } from '../kit/api.ts';
import { KeysProvider } from '../kit/keys.tsx';
import { applyTheme } from '../kit/theme.ts';
import { router } from './router.tsx';
import { Gate } from './session/gate.tsx';

applyTheme();
const root = document.getElementById('console');
if (root === null) throw new TypeError('the page has no place for the console');
createRoot(root).render(
  <StrictMode>
    <QueryClientProvider client={newQueryClient()}>
      <Gate>
        <KeysProvider>
          <RouterProvider router={router} />
        </KeysProvider>
      </Gate>
    </QueryClientProvider>
  </StrictMode>,
);
