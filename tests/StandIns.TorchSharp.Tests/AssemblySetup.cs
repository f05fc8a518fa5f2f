// Seeds, TotalCount and the count of host reads are the process's.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
