// The random generator and Tensor.TotalCount are one for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
