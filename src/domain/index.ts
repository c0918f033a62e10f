export * from './ids';
export * from './in-batches';
export * from './money';

export * from './stock/position';
export * from './stock/stock-request';
export * from './stock/draw';
export * from './stock/give-back';
export * from './stock/bring-order';
export * from './stock/decide-move';
export * from './stock/fold-wishes';
export * from './stock/fold-moves';
export * from './stock/as-of';
export * from './stock/audit-position';
export * from './stock/find-low-stock';
export * from './stock/tell-move';
export * from './stock/who-took';

export * from './numbers/publish';
export * from './numbers/show-guarded';
export * from './numbers/share-out';
export * from './numbers/explain-number';

export * from './targets/target';
export * from './targets/plan-target';
export * from './targets/trigger-of';
export * from './targets/room-for';
export * from './targets/guarded-step';
export * from './targets/send-target';
export * from './targets/lock-of';
export * from './targets/learn-lock';
export * from './targets/look-at-lock';
export * from './targets/judge-reading';
export * from './targets/standing-of';

export * from './orders/order';
export * from './orders/facts-between';
export * from './orders/merge-order';
export * from './orders/resolve-lines';
export * from './orders/match-item';
export * from './orders/want-by-sku';
export * from './orders/is-up-to-date';
export * from './orders/audit-order';

export * from './campaigns/campaign';
export * from './campaigns/check-campaign';
export * from './campaigns/set-items';
export * from './campaigns/press-campaign';
export * from './campaigns/next-campaign-step';

export * from './shops/plan-poll';
export * from './shops/plan-tokens';
export * from './shops/learn-rhythm';
export * from './shops/next-window';
export * from './shops/quiet-at';
export * from './shops/days-back';

export * from './files/file-row';
export * from './files/harmless-cell';
export * from './files/read-stock-row';
export * from './files/read-item-row';
