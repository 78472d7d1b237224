// The linked sources only read these; on the host nobody fills them.
#pragma warning disable CS0649
namespace Internal.Runtime;

/// <summary>
/// Stands in for the runtime's own type: the unwinder's sources are compiled into this assembly as they are, and of a
/// type they only pass the address on.
/// </summary>
internal struct MethodTable;

/// <summary>Stands in for the image's layout, which on the host is never asked.</summary>
internal unsafe struct ImageLayout
{
    /// <summary>Never set.</summary>
    public uint TextStart, TextEnd, SymbolsStart, SymbolsEnd;

    /// <summary>There is no running image on the host.</summary>
    public static ImageLayout* Current => null;
}

/// <summary>The kernel's register context without the way to fill one.</summary>
internal struct RegisterContext
{
    /// <summary>A register that calls preserve.</summary>
    public uint Edi, Esi, Ebx, Ebp, Esp, Eip;
}
