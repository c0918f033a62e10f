import { Module } from '@nestjs/common';
import { AdvanceWorker } from './advance.worker';
import { CloseStuckWorker } from './close-stuck.worker';

/** The room that carries long work on, step by step; what a step does is told by the room whose work it is. */
@Module({ providers: [AdvanceWorker, CloseStuckWorker] })
export class BackgroundModule {}
