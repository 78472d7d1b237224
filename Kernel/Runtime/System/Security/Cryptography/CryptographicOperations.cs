using System.Runtime.CompilerServices;

namespace System.Security.Cryptography;

/// <summary>What secrets need from the runtime.</summary>
public static class CryptographicOperations
{
    /// <summary>Compares without telling by its time where the difference is.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static bool FixedTimeEquals(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }

        int difference = 0;
        for (int i = 0; i < left.Length; i++)
        {
            difference |= left[i] ^ right[i];
        }

        return difference == 0;
    }

    /// <summary>Wipes; never optimised away, because the compiler cannot see through the call.</summary>
    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.NoOptimization)]
    public static void ZeroMemory(Span<byte> buffer) => buffer.Clear();
}

/// <summary>Something went wrong in cryptography.</summary>
public class CryptographicException : SystemException
{
    public CryptographicException()
        : base("Error occurred during a cryptographic operation.")
    {
    }

    public CryptographicException(string? message)
        : base(message)
    {
    }

    public CryptographicException(string? message, Exception? inner)
        : base(message, inner)
    {
    }
}
