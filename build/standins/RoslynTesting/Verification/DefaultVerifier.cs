using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace Microsoft.CodeAnalysis.Testing;

/// <summary>Reports every failed check as an <see cref="InvalidOperationException"/>, so that any test framework shows it.</summary>
public class DefaultVerifier : IVerifier
{
    public DefaultVerifier() : this(ImmutableStack<string>.Empty)
    {
    }

    protected DefaultVerifier(ImmutableStack<string> context)
    {
        ArgumentNullException.ThrowIfNull(context);
        Context = context;
    }

    /// <summary>The contexts pushed so far, innermost on top.</summary>
    protected ImmutableStack<string> Context { get; }

    public virtual void Empty<T>(string collectionName, IEnumerable<T> collection)
    {
        if (collection is not null && collection.Any())
            Throw($"Expected '{collectionName}' to be empty, but it holds {collection.Count()}.");
    }

    public virtual void NotEmpty<T>(string collectionName, IEnumerable<T> collection)
    {
        if (collection is not null && !collection.Any())
            Throw($"Expected '{collectionName}' not to be empty.");
    }

    public virtual void LanguageIsSupported(string language)
    {
        if (language is not (LanguageNames.CSharp or LanguageNames.VisualBasic))
            Throw($"Language '{language}' cannot be tested.");
    }

    public virtual void Equal<T>(T expected, T actual, string? message = null)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            Throw(message ?? $"Expected '{expected}', but was '{actual}'.");
    }

    public virtual void True([DoesNotReturnIf(false)] bool assert, string? message = null)
    {
        if (!assert)
            Throw(message ?? "Expected true, but was false.");
    }

    public virtual void False([DoesNotReturnIf(true)] bool assert, string? message = null)
    {
        if (assert)
            Throw(message ?? "Expected false, but was true.");
    }

    [DoesNotReturn]
    public virtual void Fail(string? message = null) => Throw(message ?? "The check failed.");

    public virtual void SequenceEqual<T>(IEnumerable<T> expected, IEnumerable<T> actual, IEqualityComparer<T>? equalityComparer = null, string? message = null)
    {
        bool equal = ReferenceEquals(expected, actual)
            || (expected is not null && actual is not null && expected.SequenceEqual(actual, equalityComparer));
        if (!equal)
            Throw(message ?? $"Expected [{Join(expected)}], but was [{Join(actual)}].");

        static string Join(IEnumerable<T>? items) => items is null ? "null" : string.Join(", ", items);
    }

    public virtual IVerifier PushContext(string context)
    {
        if (GetType() != typeof(DefaultVerifier))
            throw new InvalidOperationException($"{GetType().Name} must override {nameof(PushContext)}: the inherited one would lose the type.");
        return new DefaultVerifier(Context.Push(context));
    }

    /// <summary><paramref name="message"/> below the contexts it happened in, the outermost first.</summary>
    protected virtual string CreateMessage(string message)
        => string.Join(Environment.NewLine, Context.Reverse().Select(context => $"Context: {context}").Append(message));

    [DoesNotReturn]
    private void Throw(string message) => throw new InvalidOperationException(CreateMessage(message));
}
