using System.Diagnostics.CodeAnalysis;

namespace System;

/// <summary>The object was used after it had given its resources back.</summary>
public class ObjectDisposedException : InvalidOperationException
{
    private readonly string? name;

    /// <summary>Makes the exception with the name of the object.</summary>
    public ObjectDisposedException(string? objectName)
        : this(objectName, (string?)null)
    {
    }

    /// <summary>Makes the exception with a sentence and a cause.</summary>
    public ObjectDisposedException(string? message, Exception? innerException)
        : base(message, innerException)
    {
    }

    /// <summary>Makes the exception with the name of the object and a sentence.</summary>
    public ObjectDisposedException(string? objectName, string? message)
        : base(message) => name = objectName;

    /// <summary>The object in question.</summary>
    public string ObjectName => name ?? "";

    /// <inheritdoc/>
    public override string Message =>
        string.IsNullOrEmpty(name) ? base.Message : base.Message + "\nObject name: '" + name + "'.";

    private protected override string? DefaultMessage => "Cannot access a disposed object.";

    /// <summary>Throws if the condition holds.</summary>
    public static void ThrowIf([DoesNotReturnIf(true)] bool condition, object instance)
    {
        if (condition)
            throw new ObjectDisposedException(instance.GetType().ToString());
    }
}

/// <summary>A static constructor failed. The same exception is thrown at every later use of the type.</summary>
public sealed class TypeInitializationException : SystemException
{
    private readonly string? typeName;

    /// <summary>Makes the exception for a type, with what its static constructor threw.</summary>
    public TypeInitializationException(string? fullTypeName, Exception? innerException)
        : base("The type initializer for '" + fullTypeName + "' threw an exception.", innerException) =>
        typeName = fullTypeName;

    /// <summary>The type whose static constructor failed; empty where the image has no name of it.</summary>
    public string TypeName => typeName ?? "";
}
