using System.Runtime;
using System.Runtime.CompilerServices;

namespace Internal.Runtime;

/// <summary>Where the parts of the running image lie. Filled by the linker; see layout.asm for the order.</summary>
public unsafe struct ImageLayout
{
    /// <summary>First byte of code, assembler or compiled.</summary>
    public uint TextStart;

    /// <summary>End of the code.</summary>
    public uint TextEnd;

    /// <summary>First byte of compiled C#.</summary>
    public uint ManagedStart;

    /// <summary>End of the compiled C#.</summary>
    public uint ManagedEnd;

    /// <summary>First entry of the function table.</summary>
    public uint FunctionsStart;

    /// <summary>End of the function table.</summary>
    public uint FunctionsEnd;

    /// <summary>The symbol table, see <see cref="SymbolTable"/>.</summary>
    public uint SymbolsStart;

    /// <summary>End of the symbol table with its names.</summary>
    public uint SymbolsEnd;

    /// <summary>First byte of the image.</summary>
    public uint ImageStart;

    /// <summary>End of the image, statics included.</summary>
    public uint ImageEnd;

    /// <summary>First byte of what the kernel writes to. Before it, on other pages, lie code and constants.</summary>
    public uint DataStart;

    /// <summary>Sixteen bytes that name this very build.</summary>
    public byte* BuildId;

    /// <summary>
    /// The return address of every trap handler. In a frame that returns there EBP points to the
    /// trap frame; that is how a trace crosses an interrupt.
    /// </summary>
    public uint TrapReturn;

    /// <summary>The routine that touches the pages of a large frame, and its end.</summary>
    public uint StackProbe;

    /// <inheritdoc cref="StackProbe"/>
    public uint StackProbeEnd;

    /// <summary>The layout of the running image.</summary>
    public static ImageLayout* Current => Get();

    /// <summary>All compiled code.</summary>
    internal readonly FunctionTable Functions => new(FunctionsStart, FunctionsEnd);

    /// <summary>Does a compiled method begin at the address?</summary>
    public readonly bool IsMethodEntry(uint address)
    {
        FunctionEntry* function = IsManaged(address) ? Functions.Find(address) : null;
        return function != null && function->Kind == BodyKind.Method && function->Begin == address;
    }

    /// <summary>Is this an address of compiled C#?</summary>
    public readonly bool IsManaged(uint address) => address >= ManagedStart && address < ManagedEnd;

    /// <summary>Is this an address of assembler code?</summary>
    public readonly bool IsAssembler(uint address) =>
        address >= TextStart && address < TextEnd && !IsManaged(address);

    [MethodImpl(MethodImplOptions.InternalCall)]
    [RuntimeImport("*", "HaukiImageLayout")]
    private static extern ImageLayout* Get();
}
