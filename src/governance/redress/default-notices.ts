/** A notice that nobody has published yet. */
export interface DraftNotice {
  readonly language: string;
  readonly status: 'draft-for-counsel';
  readonly notice: string;
  readonly optingOut: string;
}

/** Where a publisher writes what the software cannot know. */
export const BLANK = '____';

/**
 * Drafts in plain language, for an agency's counsel to complete and correct. They are no legal advice, and no gate takes
 * them: only what the Privacy office publishes counts.
 */
export const defaultNotices: readonly DraftNotice[] = [
  {
    language: 'en',
    status: 'draft-for-counsel',
    notice: `DRAFT FOR COUNSEL. A camera at this lane takes a picture of your face. ${BLANK} (agency) uses it to ${BLANK} (purpose), under ${BLANK} (law). The picture is deleted after ${BLANK}. A computer may suggest an answer, but an officer decides. You may ask to have wrong information about you corrected, and you may appeal a decision: ${BLANK} (address).`,
    optingOut:
      'DRAFT FOR COUNSEL. If you are a U.S. citizen, you do not have to have your picture taken here. Tell the officer before you step up. The officer will check your documents by hand. You will not lose your place in line, and choosing this does not count against you.',
  },
  {
    language: 'es',
    status: 'draft-for-counsel',
    notice: `BORRADOR PARA LOS ABOGADOS. Una cámara en este carril toma una foto de su cara. ${BLANK} (agencia) la usa para ${BLANK} (fin), según ${BLANK} (ley). La foto se borra después de ${BLANK}. Una computadora puede sugerir una respuesta, pero decide un oficial. Usted puede pedir que se corrija información equivocada sobre usted y puede apelar una decisión: ${BLANK} (dirección).`,
    optingOut:
      'BORRADOR PARA LOS ABOGADOS. Si usted es ciudadano de los Estados Unidos, no tiene que dejar que le tomen la foto aquí. Dígaselo al oficial antes de avanzar. El oficial revisará sus documentos a mano. No perderá su lugar en la fila, y elegir esto no cuenta en su contra.',
  },
];
