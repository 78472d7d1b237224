using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using Internal.Runtime;

namespace System.Runtime.CompilerServices;

/// <summary>What compilers call behind the back of ordinary code.</summary>
public static unsafe partial class RuntimeHelpers
{
    /// <summary>From a string object to its first character.</summary>
    public static int OffsetToStringData => 8;

    /// <summary>A number for an object's identity. Objects never move: it comes from the address.</summary>
    public static int GetHashCode(object? o)
    {
        if (o == null)
            return 0;
        uint address = (uint)*(nint*)&o;
        // Multiplying by the golden ratio spreads neighbours over all bits.
        return (int)((address >> 3) * 0x9E37_79B1u >> 3);
    }

    /// <summary>Boxes, or gives back the reference.</summary>
    [return: NotNullIfNotNull(nameof(obj))]
    public static object? GetObjectValue(object? obj) =>
        obj != null && obj.TypePointer->IsValueType ? RuntimeExports.RhBox(obj.TypePointer, ref obj.RawData) : obj;

    /// <summary>Equal as values of one type, byte by byte?</summary>
    public static new bool Equals(object? o1, object? o2)
    {
        if (ReferenceEquals(o1, o2))
            return true;
        if (o1 == null || o2 == null || o1.TypePointer != o2.TypePointer || !o1.TypePointer->IsValueType)
            return false;
        uint size = o1.TypePointer->ValueSize;
        for (uint i = 0; i < size; i++)
        {
            if (Unsafe.Add(ref o1.RawData, (int)i) != Unsafe.Add(ref o2.RawData, (int)i))
                return false;
        }
        return true;
    }

    /// <summary>Fills an array from constant data in the image. The compiler replaces every call.</summary>
    [Intrinsic]
    public static void InitializeArray(Array array, RuntimeFieldHandle fldHandle) => throw new NotSupportedException();

    /// <summary>A span over constant data in the image. The compiler replaces every call.</summary>
    [Intrinsic]
    public static ReadOnlySpan<T> CreateSpan<T>(RuntimeFieldHandle fldHandle) => throw new NotSupportedException();

    /// <summary>Does the type hold references for the collector to see?</summary>
    [Intrinsic]
    public static bool IsReferenceOrContainsReferences<T>() where T : allows ref struct =>
        IsReferenceOrContainsReferences<T>();

    /// <summary>Can two values be compared byte by byte?</summary>
    [Intrinsic]
    internal static bool IsBitwiseEquatable<T>() => IsBitwiseEquatable<T>();

    /// <summary>Does the code generator know the value while compiling?</summary>
    [Intrinsic]
    internal static bool IsKnownConstant(int value) => false;

    /// <summary>Part of an array, copied.</summary>
    public static T[] GetSubArray<T>(T[] array, Range range)
    {
        if (array == null)
            throw new ArgumentNullException(nameof(array));
        (int offset, int length) = range.GetOffsetAndLength(array.Length);
        if (length == 0)
            return [];
        var part = new T[length];
        Array.Copy(array, offset, part, 0, length);
        return part;
    }

    /// <summary>Runs the static constructor of nothing: on the metal they run when first needed.</summary>
    public static void RunClassConstructor(RuntimeTypeHandle type)
    {
    }

    /// <summary>Is there room for a little more on the stack?</summary>
    public static bool TryEnsureSufficientExecutionStack()
    {
        byte here;
        return (nuint)(&here) > RuntimeThread.Current->StackLow + SufficientStack;
    }

    /// <summary>Refuses to go on when the stack is nearly used up.</summary>
    public static void EnsureSufficientExecutionStack()
    {
        if (!TryEnsureSufficientExecutionStack())
            throw new InsufficientExecutionStackException();
    }

    /// <summary>Stack that library code may rely on after asking.</summary>
    private const uint SufficientStack = 16 * 1024;
}
