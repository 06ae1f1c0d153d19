-- One row per row of one source and month.
copy (
    select * exclude (format, in_source, in_month, in_time)
    from placed
    where in_source = $source and in_month = $month
    order by in_time
) to $file (format parquet, compression zstd)
