-- Credits that expire: promotions, and purchases where the law says so.
alter table balance_seen add column expiring_nanos bigint;
alter table balance_seen add column expires_at timestamp;
