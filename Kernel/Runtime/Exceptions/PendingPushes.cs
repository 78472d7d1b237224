namespace Internal.Runtime;

/// <summary>
/// How many words a method without frame pointer has pushed at a place in its code: arguments of a call that is being
/// prepared. The compiler's argument table lists pushes and pops by code distance, in one of two encodings. Distances
/// are counted to the end of the instruction that pushes or calls.
/// </summary>
internal unsafe ref struct PendingPushes
{
    /// <summary>Entries of a table for one method; more mean that it has no end, that it is no table.</summary>
    private const int EntriesMax = 1 << 20;

    private readonly uint target;
    private byte* at;
    private uint position;
    private uint depth;

    private PendingPushes(byte* table, uint codeOffset)
    {
        at = table;
        target = codeOffset;
    }

    /// <summary>Words pushed when the code at the offset is reached.</summary>
    /// <returns>False if the table cannot be understood.</returns>
    public static bool TryCount(in FrameHeader header, uint codeOffset, out uint words)
    {
        var pushes = new PendingPushes(header.ArgumentTable, codeOffset);
        bool ended = false;
        for (int i = 0; i < EntriesMax && !ended; i++)
            ended = header.FullyInterruptible ? pushes.ReadAnywhereEntry() : pushes.ReadCallSiteEntry();
        words = pushes.depth;
        // A depth that went below zero looks huge.
        return ended && words < EntriesMax;
    }

    /// <summary>Moves on by a distance, unless that leads past the wanted place.</summary>
    private bool Advance(uint distance)
    {
        if (position + distance > target)
            return false;
        position += distance;
        return true;
    }

    /// <summary>
    /// The encoding for code that is described at its calls only. Returns true at the wanted place or the end.
    /// Bit patterns: 000ddddd push one after d; 001xxxxx push many at once; 01ccdddd pop c after d; 0100dddd skip d;
    /// 1ppppppp with p below 80: a common call; 0xDx, 0xEx, 0xFx: longer forms.
    /// </summary>
    private bool ReadCallSiteEntry()
    {
        uint entry = *at++;
        if ((entry & 0x80) != 0)
            return ReadCall(entry);
        if ((entry & 0x40) == 0)
        {
            bool single = (entry & 0x20) == 0;
            uint count = single ? 1 : PackedNumber.Read(ref at);
            if (!Advance(single ? entry & 0x1F : 0))
                return true;
            depth += count;
            return false;
        }

        uint popped = (entry >> 4) & 3;
        uint distance = entry & 15;
        if (popped == 0 && distance == 0)
        {
            // The distance is too long for the entry. The compiler never puts the wanted place inside such a gap.
            if (position >= target)
                return true;
            position += PackedNumber.Read(ref at);
            return position > target;
        }

        if (!Advance(distance))
            return true;
        depth -= popped;
        return false;
    }

    private bool ReadCall(uint entry)
    {
        uint pattern = entry & 0x7F;
        if (pattern < FrameHeaderPresets.CallPatternCount)
        {
            int row = (int)pattern * FrameHeaderPresets.CallPatternBytes;
            return Call(FrameHeaderPresets.CallPatterns[row + 3], FrameHeaderPresets.CallPatterns[row]);
        }

        switch (entry >> 4)
        {
            case 0xD:
                uint detail = *at++;
                return Call(FrameHeaderPresets.CommonDistances[(int)(detail >> 6)], (detail >> 3) & 7);
            case 0xE:
                depth -= PackedNumber.Read(ref at);
                PackedNumber.Read(ref at); // which of the words held references
                return false;
            default:
                return ReadLongCall(entry);
        }
    }

    private bool ReadLongCall(uint entry)
    {
        switch (entry & 0xC)
        {
            case 0x0: // which of the following call's pointers are interior ones
                PackedNumber.Read(ref at);
                return false;
            case 0x4: // a register holds `this`
                return false;
            case 0x8: // u8 registers, u32 distance, u32 popped, u32 mask, u32 bytes of a list
                uint distance = *(uint*)(at + 1);
                uint popped = *(uint*)(at + 5);
                at += 17 + *(uint*)(at + 13);
                return Call(distance, popped);
            default:
                return true;
        }
    }

    private bool Call(uint distance, uint popped)
    {
        if ((position == target && distance > 0) || !Advance(distance))
            return true;
        depth -= popped;
        return false;
    }

    /// <summary>
    /// The encoding for code that may be stopped anywhere. Returns true past the wanted place or at the end.
    /// 0xxxxddd a register changes after d; 10sssddd push; 11cccddd pop c, or skip; single bytes for the rare.
    /// </summary>
    private bool ReadAnywhereEntry()
    {
        uint entry = *at++;
        if ((entry & 0x80) == 0)
            return !Advance(entry & 7);
        switch (entry)
        {
            case 0xFF:
                return true;
            case 0xB8:
                return !Advance(PackedNumber.Read(ref at));
            case 0xBC or 0xBF: // the next one holds an interior pointer, or `this`
                return false;
            case 0xF8 or 0xF9:
                depth += PackedNumber.Read(ref at);
                return false;
            case 0xFC or 0xFD:
                depth -= PackedNumber.Read(ref at);
                return false;
        }

        uint kind = (entry >> 3) & 7;
        if ((entry & 0x40) == 0)
        {
            if (!Advance(entry & 7))
                return true;
            depth++;
            return false;
        }

        if (kind == 6)
            return !Advance(((entry & 7) + 1) * 8);
        if (!Advance(entry & 7))
            return true;
        depth -= kind;
        return false;
    }
}
