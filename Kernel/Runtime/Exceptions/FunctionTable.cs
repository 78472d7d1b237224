namespace Internal.Runtime;

/// <summary>What a piece of compiled code is.</summary>
internal enum BodyKind
{
    /// <summary>A method, from its entry.</summary>
    Method = 0,

    /// <summary>A catch, finally or fault handler: a function without a prologue on its method's frame.</summary>
    Handler = 1,

    /// <summary>The condition of a catch handler.</summary>
    Filter = 2,
}

/// <summary>
/// One entry of .pdata: a method's body or one of its funclets (handlers and filters, which follow their method in the
/// table). The unwind blob: u32 length of the code; u8 flags; optional address of associated data; optional address of
/// the exception clauses; for a method its frame header.
/// </summary>
internal unsafe struct FunctionEntry
{
    private const int FlagsOffset = 4;
    private const byte KindMask = 3;
    private const byte HasClauses = 4;
    private const byte HasAssociatedData = 0x10;

#pragma warning disable CS0649 // the linker fills the table
    public uint Begin;
    public uint End;
    private readonly uint unwind;
#pragma warning restore CS0649

    private readonly byte* Unwind => (byte*)unwind;

    public readonly BodyKind Kind => (BodyKind)(Unwind[FlagsOffset] & KindMask);

    /// <summary>Bytes of code of this body alone.</summary>
    public readonly uint Length => *(uint*)Unwind;

    /// <summary>The exception clauses of the method; null if it has none. Only for a method's own entry.</summary>
    public readonly byte* Clauses
    {
        get
        {
            byte flags = Unwind[FlagsOffset];
            if ((flags & HasClauses) == 0)
                return null;
            byte* at = Unwind + FlagsOffset + 1;
            if ((flags & HasAssociatedData) != 0)
                at += 4;
            return (byte*)*(uint*)at;
        }
    }

    /// <summary>The frame header. Only for a method's own entry.</summary>
    public readonly byte* FrameHeader
    {
        get
        {
            byte flags = Unwind[FlagsOffset];
            byte* at = Unwind + FlagsOffset + 1;
            if ((flags & HasAssociatedData) != 0)
                at += 4;
            if ((flags & HasClauses) != 0)
                at += 4;
            return at;
        }
    }

    public readonly bool Contains(uint address) => address >= Begin && address < End;
}

/// <summary>All compiled code, sorted by address.</summary>
internal unsafe struct FunctionTable
{
    private readonly FunctionEntry* first;
    private readonly int count;

    public FunctionTable(uint start, uint end)
    {
        first = (FunctionEntry*)start;
        count = (int)((end - start) / (uint)sizeof(FunctionEntry));
    }

    /// <summary>Finds the body that an address lies in; null if it is no compiled code.</summary>
    public readonly FunctionEntry* Find(uint address)
    {
        int low = 0;
        int high = count - 1;
        while (low <= high)
        {
            int middle = (low + high) / 2;
            FunctionEntry* entry = first + middle;
            if (address < entry->Begin)
                high = middle - 1;
            else if (address >= entry->End)
                low = middle + 1;
            else
                return entry;
        }

        return null;
    }

    /// <summary>The method that a body belongs to; null if the table is damaged.</summary>
    public readonly FunctionEntry* MethodOf(FunctionEntry* body)
    {
        while (body->Kind != BodyKind.Method)
        {
            if (body == first)
                return null;
            body--;
        }

        return body;
    }
}
