-- Roll-ups name a conversation by a digest that is the same on every engine, and calls of one moment are in the order of their ids: what
-- was derived is made anew, as it is when prices change.
delete from rate_table
