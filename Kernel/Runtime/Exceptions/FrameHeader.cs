using System;

namespace Internal.Runtime;

/// <summary>
/// How a method's frame is built: the compiler's "GC info" header, decoded. It begins with the size of the code, then
/// a byte that selects one of 128 common layouts (<see cref="FrameHeaderPresets"/>), then, while bit 7 is set,
/// adjustments to it, then the values that the adjustments announced.
/// </summary>
internal unsafe struct FrameHeader
{
    /// <summary>More adjustments than there are properties to adjust mean that this is no header.</summary>
    private const int AdjustmentsMax = 64;
    private const byte More = 0x80;

    /// <summary>Bytes of code of the method, funclets included.</summary>
    public uint CodeSize;
    public uint PrologSize;
    public uint EpilogSize;
    public uint EpilogCount;
    public bool EpilogAtEnd;

    public bool SavesEdi;
    public bool SavesEsi;
    public bool SavesEbx;
    public bool SavesEbp;

    /// <summary>EBP points to the frame: [ebp] is the caller's EBP, [ebp+4] the return address.</summary>
    public bool UsesFramePointer;

    /// <summary>The locals lie on an ESP rounded down to 8; EBP links to the caller but is no base for them.</summary>
    public bool DoubleAligned;

    /// <summary>The argument table has the form for code that may be stopped anywhere.</summary>
    public bool FullyInterruptible;
    public bool HasHandlers;
    public bool AllocatesOnStack;
    public bool IsSynchronized;

    /// <summary>Arguments on the stack, in words; the callee takes them off.</summary>
    public uint ArgumentWords;

    /// <summary>Locals and temporaries, in words.</summary>
    public uint FrameWords;

    /// <summary>Says which words are pushed where; see <see cref="PendingPushes"/>.</summary>
    public byte* ArgumentTable;

    private uint untrackedCount;
    private uint variableTableCount;
    private uint noCollectRegions;
    private bool untrackedFollows;
    private bool cookieFollows;
    private bool reverseOffsetFollows;
    private bool regionsFollow;
    private bool damaged;

    /// <summary>Registers saved in the frame, EBP not counted.</summary>
    public readonly uint SavedWithoutEbp => (SavesEdi ? 1u : 0) + (SavesEsi ? 1u : 0) + (SavesEbx ? 1u : 0);

    /// <summary>Decodes a header.</summary>
    /// <returns>False if these bytes are no header.</returns>
    public static bool TryDecode(byte* at, out FrameHeader header)
    {
        header = default;
        header.CodeSize = header.ReadNumber(ref at);
        byte control = *at++;
        header.ApplyPreset(control & 0x7F);
        int adjustments = 0;
        while ((control & More) != 0)
        {
            if (++adjustments > AdjustmentsMax)
                return false;
            control = *at++;
            header.Adjust((uint)control & 0x7F, ref at, ref control);
        }

        header.ReadAnnounced(ref at);
        return !header.damaged;
    }

    private void ApplyPreset(int index)
    {
        ReadOnlySpan<byte> rows = FrameHeaderPresets.Rows;
        int row = index * FrameHeaderPresets.RowBytes;
        byte registers = rows[row + 2];
        byte shape = rows[row + 3];
        PrologSize = rows[row];
        EpilogSize = rows[row + 1];
        EpilogCount = registers & 7u;
        EpilogAtEnd = (registers & 0x08) != 0;
        SavesEdi = (registers & 0x10) != 0;
        SavesEsi = (registers & 0x20) != 0;
        SavesEbx = (registers & 0x40) != 0;
        SavesEbp = (registers & 0x80) != 0;
        UsesFramePointer = (shape & 0x01) != 0;
        FullyInterruptible = (shape & 0x02) != 0;
        DoubleAligned = (shape & 0x04) != 0;
        HasHandlers = (shape & 0x10) != 0;
        AllocatesOnStack = (shape & 0x20) != 0;
        ArgumentWords = rows[row + 4];
        FrameWords = rows[row + 5];
        untrackedCount = rows[row + 6] & 0x7Fu;
        variableTableCount = (uint)rows[row + 6] >> 7;
    }

    private void Adjust(uint code, ref byte* at, ref byte control)
    {
        switch (code)
        {
            case < 8:
                FrameWords = code;
                break;
            case < 17:
                ArgumentWords = code - 8;
                break;
            case < 34:
                PrologSize = code - 17;
                break;
            case < 45:
                EpilogSize = code - 34;
                break;
            case < 55:
                EpilogCount = (code - 45) / 2;
                EpilogAtEnd = ((code - 45) & 1) != 0;
                break;
            case < 59:
                untrackedCount = code - 55;
                break;
            case < 79:
                Flip(code);
                break;
            case 79:
                control = *at++;
                AdjustMore((uint)control & 0x7F);
                break;
            case < 0x60:
                FrameWords = (FrameWords << 4) | (code & 15);
                break;
            case < 0x70:
                ArgumentWords = (ArgumentWords << 4) | (code & 15);
                break;
            case < 0x78:
                PrologSize = (PrologSize << 3) | (code & 7);
                break;
            default:
                EpilogSize = (EpilogSize << 3) | (code & 7);
                break;
        }
    }

    private void Flip(uint code)
    {
        switch (code)
        {
            case 59: SavesEdi = !SavesEdi; break;
            case 60: SavesEsi = !SavesEsi; break;
            case 61: SavesEbx = !SavesEbx; break;
            case 62: SavesEbp = !SavesEbp; break;
            case 63: UsesFramePointer = !UsesFramePointer; break;
            case 64: FullyInterruptible = !FullyInterruptible; break;
            case 65: DoubleAligned = !DoubleAligned; break;
            case 67: HasHandlers = !HasHandlers; break;
            case 68: AllocatesOnStack = !AllocatesOnStack; break;
            case 70: variableTableCount ^= 1; break;
            case 71: untrackedFollows = true; break;
            case 74: cookieFollows = !cookieFollows; break;
            case 75: IsSynchronized = !IsSynchronized; break;
            case 78: reverseOffsetFollows = true; break;
            // Security object, edit and continue, varargs, profiler, generic context: nothing that unwinding needs.
            default: break;
        }
    }

    /// <summary>The second set: return kind (0 to 3), regions without collection (4 to 8, or a number).</summary>
    private void AdjustMore(uint code)
    {
        if (code >= 9)
            regionsFollow = true;
        else if (code >= 4)
            noCollectRegions = code - 4;
    }

    /// <summary>The values that the adjustments announced, in their order, and where the argument table is.</summary>
    private void ReadAnnounced(ref byte* at)
    {
        bool offsetFollows = untrackedFollows || variableTableCount != 0 || regionsFollow || noCollectRegions != 0;
        if (untrackedFollows)
            untrackedCount = ReadNumber(ref at);
        if (variableTableCount != 0)
            variableTableCount = ReadNumber(ref at);
        if (cookieFollows)
            ReadNumber(ref at);
        if (IsSynchronized)
        {
            ReadNumber(ref at);
            ReadNumber(ref at);
        }

        if (reverseOffsetFollows)
            ReadNumber(ref at);
        if (regionsFollow)
            noCollectRegions = ReadNumber(ref at);
        // A single epilogue at the very end needs no offset.
        if (EpilogCount > 1 || (EpilogCount != 0 && !EpilogAtEnd))
        {
            for (uint i = 0; i < EpilogCount; i++)
                ReadNumber(ref at);
        }

        if (offsetFollows)
        {
            uint offset = ReadNumber(ref at);
            ArgumentTable = at + offset;
            return;
        }

        // A layout with few untracked locals does without the offset: their places, one number each, are skipped.
        for (uint i = 0; i < untrackedCount; i++)
            ReadNumber(ref at);
        ArgumentTable = at;
    }

    private uint ReadNumber(ref byte* at)
    {
        if (!PackedNumber.TryRead(ref at, out uint value))
            damaged = true;
        return value;
    }
}

/// <summary>A number in groups of seven bits, most significant first; bit 7 says that another group follows.</summary>
internal static unsafe class PackedNumber
{
    private const int GroupsMax = 5;

    /// <summary>Reads one number and moves on.</summary>
    /// <returns>False if it has more groups than a number of 32 bits can have.</returns>
    public static bool TryRead(ref byte* at, out uint value)
    {
        value = 0;
        for (int i = 0; i < GroupsMax; i++)
        {
            byte group = *at++;
            value = (value << 7) | (group & 0x7Fu);
            if ((group & 0x80) == 0)
                return true;
        }

        return false;
    }

    /// <summary>Reads one number where damage was ruled out before.</summary>
    public static uint Read(ref byte* at)
    {
        TryRead(ref at, out uint value);
        return value;
    }
}
