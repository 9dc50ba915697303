import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ErrorBody } from '../../shared/job.ts';
import {
  ApiError,
  FileUnavailable,
  TelegramMisconfigured,
  TelegramRefused,
  TelegramSlowDown,
  TelegramUnreachable,
} from '../errors.ts';
import { UploadTooLarge } from '../spool.ts';

/** The one answer for a wrong, unknown or missing key: it tells nothing apart. */
export function notFound(): ApiError {
  return new ApiError(404, 'not_found', 'There is no such job. Ask the bot for a new link.');
}

/** Every error leaves as an ErrorBody, and no text of another library's error leaves at all. */
export function addErrorHandler(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
    const answer = toApiError(error);
    if (answer.status >= 500) request.log.error({ err: error }, 'request failed');
    if (answer.retryAfter !== null) reply.header('retry-after', answer.retryAfter);
    // What is left of a refused upload is not worth waiting for.
    if (request.method === 'PUT') reply.header('connection', 'close');
    const body: ErrorBody = { error: answer.code, advice: answer.message };
    return reply.code(answer.status).header('cache-control', 'no-store').send(body);
  });
}

function toApiError(error: FastifyError | Error): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof UploadTooLarge) return new ApiError(413, 'too_large', error.message);
  if (error instanceof FileUnavailable || error instanceof TelegramRefused) {
    return new ApiError(410, 'file_gone', 'Telegram no longer has this picture. Send it again.');
  }
  if (error instanceof TelegramSlowDown) {
    return new ApiError(502, 'telegram_busy', 'Telegram is busy. Try again.', error.seconds);
  }
  if (error instanceof TelegramUnreachable || error instanceof TelegramMisconfigured) {
    return new ApiError(502, 'telegram_down', 'Telegram does not answer. Try again.', 5);
  }
  const status = 'statusCode' in error ? error.statusCode : undefined;
  if (status !== undefined && status >= 400 && status < 500) {
    const code = { 413: 'too_large', 415: 'bad_type', 429: 'too_many' }[status] ?? 'bad_request';
    return new ApiError(status, code, 'The request cannot be used as it is.');
  }
  if (isStorageTrouble(error)) {
    return new ApiError(503, 'unavailable', 'The server is busy. Try again.', 5);
  }
  return new ApiError(500, 'internal', 'Something went wrong on the server.');
}

/** The database cannot be reached or is about to stop: worth another try later. */
function isStorageTrouble(error: Error): boolean {
  const code = 'code' in error ? String(error.code) : '';
  return (
    /^(08|53|57|40)[0-9A-Z]{3}$/.test(code) ||
    ['ECONNREFUSED', 'ECONNRESET', 'ETIMEDOUT', 'EPIPE', 'ENOTFOUND', 'ENOSPC'].includes(code) ||
    code.startsWith('SQLITE_BUSY') ||
    code.startsWith('SQLITE_FULL') ||
    /^(timeout exceeded|Connection terminated|connection timeout)/i.test(error.message)
  );
}
