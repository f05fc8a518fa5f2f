using GradLint.Samples;

try
{
    Training.Run(TrainingOptions.Parse(args));
    return 0;
}
catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
{
    Console.Error.WriteLine($"error: {failure.Message}");
    return 1;
}
