using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace System.Threading;

/// <summary>
/// Reads and writes that the compiler neither moves nor leaves out. One processor needs no more: the calls are not
/// inlined, so the code generator sees each as an access of its own.
/// </summary>
public static class Volatile
{
    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static bool Read(ref readonly bool location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref bool location, bool value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static byte Read(ref readonly byte location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref byte location, byte value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static sbyte Read(ref readonly sbyte location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref sbyte location, sbyte value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static short Read(ref readonly short location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref short location, short value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ushort Read(ref readonly ushort location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref ushort location, ushort value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static int Read(ref readonly int location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref int location, int value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static uint Read(ref readonly uint location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref uint location, uint value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static long Read(ref readonly long location) => Interlocked.Read(in location);

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref long location, long value) => Interlocked.Exchange(ref location, value);

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static ulong Read(ref readonly ulong location) => Interlocked.Read(in location);

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref ulong location, ulong value) => Interlocked.Exchange(ref location, value);

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nint Read(ref readonly nint location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref nint location, nint value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static nuint Read(ref readonly nuint location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref nuint location, nuint value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static float Read(ref readonly float location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref float location, float value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static double Read(ref readonly double location) => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write(ref double location, double value) => location = value;

    /// <summary>Reads.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    [return: NotNullIfNotNull(nameof(location))]
    public static T Read<T>([NotNullIfNotNull(nameof(location))] ref readonly T location) where T : class? => location;

    /// <summary>Writes.</summary>
    [Intrinsic]
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Write<T>([NotNullIfNotNull(nameof(value))] ref T location, T value) where T : class? =>
        location = value;
}
