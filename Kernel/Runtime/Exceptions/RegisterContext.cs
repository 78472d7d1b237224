using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>
/// What a caller may expect to find again after a call: all that unwinding needs. exceptions.asm knows the order.
/// </summary>
public struct RegisterContext
{
    /// <summary>A register that calls preserve.</summary>
    public uint Edi;

    /// <inheritdoc cref="Edi"/>
    public uint Esi;

    /// <inheritdoc cref="Edi"/>
    public uint Ebx;

    /// <summary>The frame pointer, or one more register that calls preserve.</summary>
    public uint Ebp;

    /// <summary>The stack pointer.</summary>
    public uint Esp;

    /// <summary>A return address, or the instruction that failed.</summary>
    public uint Eip;

    /// <summary>Fills a context with the caller's own registers.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiCaptureContext")]
    public static extern unsafe void Capture(RegisterContext* context);
}
