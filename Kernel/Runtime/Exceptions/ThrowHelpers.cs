using System;
using System.Diagnostics.CodeAnalysis;

namespace Internal.Runtime.CompilerHelpers;

/// <summary>
/// Throws on behalf of compiled code: range checks, overflow checks and bodies that the compiler could not make
/// call these by name. The number that some get first says which sentence fits; the names say more, so it is unused.
/// </summary>
internal static class ThrowHelpers
{
    [DoesNotReturn]
    internal static void ThrowNullReferenceException() => throw new NullReferenceException();

    [DoesNotReturn]
    internal static void ThrowIndexOutOfRangeException() => throw new IndexOutOfRangeException();

    [DoesNotReturn]
    internal static void ThrowDivideByZeroException() => throw new DivideByZeroException();

    [DoesNotReturn]
    internal static void ThrowOverflowException() => throw new OverflowException();

    [DoesNotReturn]
    internal static void ThrowInvalidCastException() => throw new InvalidCastException();

    [DoesNotReturn]
    internal static void ThrowArrayTypeMismatchException() => throw new ArrayTypeMismatchException();

    [DoesNotReturn]
    internal static void ThrowArgumentException() => throw new ArgumentException();

    [DoesNotReturn]
    internal static void ThrowArgumentOutOfRangeException() => throw new ArgumentOutOfRangeException();

    [DoesNotReturn]
    internal static void ThrowNotImplementedException() => throw new NotImplementedException();

    [DoesNotReturn]
    internal static void ThrowNotSupportedException() => throw new NotSupportedException();

    [DoesNotReturn]
    internal static void ThrowPlatformNotSupportedException() => throw new PlatformNotSupportedException();

    [DoesNotReturn]
    internal static void ThrowInvalidProgramException(int id) => throw new InvalidProgramException();

    [DoesNotReturn]
    internal static void ThrowInvalidProgramExceptionWithArgument(int id, string method) =>
        throw new InvalidProgramException("Invalid code: " + method);

    [DoesNotReturn]
    internal static void ThrowBadImageFormatException(int id) => throw new BadImageFormatException();

    [DoesNotReturn]
    internal static void ThrowTypeLoadException(int id, string type, string assembly) =>
        throw new TypeLoadException(type + " of " + assembly + " is not in the image.");

    [DoesNotReturn]
    internal static void ThrowTypeLoadExceptionWithArgument(int id, string type, string assembly, string detail) =>
        throw new TypeLoadException(type + " of " + assembly + " is not in the image: " + detail);

    [DoesNotReturn]
    internal static void ThrowMissingMethodException(int id, string method) =>
        throw new MissingMethodException("Not in the image: " + method);

    [DoesNotReturn]
    internal static void ThrowMissingFieldException(int id, string field) =>
        throw new MissingFieldException("Not in the image: " + field);

    [DoesNotReturn]
    internal static void ThrowFileNotFoundException(int id, string file) =>
        throw new TypeLoadException("Not in the image: " + file);

    [DoesNotReturn]
    internal static void ThrowMarshalDirectiveException(int id) => throw new NotSupportedException();

    [DoesNotReturn]
    internal static void ThrowAmbiguousMatchException(int id) => throw new AmbiguousImplementationException();

    [DoesNotReturn]
    internal static void ThrowNotSupportedInlineArrayEqualsGetHashCode() => throw new NotSupportedException();

    /// <summary>The compiler removed the body, for nothing seemed to need it.</summary>
    [DoesNotReturn]
    internal static void ThrowBodyRemoved() => throw new NotSupportedException("The body of this method was removed.");

    /// <inheritdoc cref="ThrowBodyRemoved"/>
    [DoesNotReturn]
    internal static void ThrowFeatureBodyRemoved() => ThrowBodyRemoved();

    /// <inheritdoc cref="ThrowBodyRemoved"/>
    [DoesNotReturn]
    internal static void ThrowInstanceBodyRemoved() => ThrowBodyRemoved();

    /// <inheritdoc cref="ThrowBodyRemoved"/>
    [DoesNotReturn]
    internal static void ThrowUnavailableType() => ThrowBodyRemoved();
}
