using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>Addresses that the linker or the assembler files define. Implemented in Native/Symbols.asm.</summary>
internal static unsafe class NativeSymbols
{
    /// <summary>First of the pointers to ready-to-run headers, one for each compiled object.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiModulesStart")]
    internal static extern byte** ModulesStart();

    /// <summary>End of the pointers to ready-to-run headers.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiModulesEnd")]
    internal static extern byte** ModulesEnd();

    /// <summary>First instruction of the allocator's assembler paths.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiAllocatorStart")]
    internal static extern byte* AllocatorStart();

    /// <summary>First byte after the allocator's assembler paths.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiAllocatorEnd")]
    internal static extern byte* AllocatorEnd();

    /// <summary>First instruction of the stubs of interface calls.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDispatchStart")]
    internal static extern byte* DispatchStart();

    /// <summary>First byte after the stubs of interface calls.</summary>
    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiDispatchEnd")]
    internal static extern byte* DispatchEnd();
}
