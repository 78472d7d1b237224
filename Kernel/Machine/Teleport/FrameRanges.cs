using HaukiOS.Memory;

namespace HaukiOS.Machine;

/// <summary>Which frames of a machine are memory, as its boot loader said.</summary>
internal unsafe struct FrameRanges
{
    private fixed uint firstAndCount[2 * BootMemoryMap.RangesMax];
    private uint used;

    /// <summary>Ranges.</summary>
    public readonly uint Used => used;

    /// <summary>Adds a range; an empty one says nothing.</summary>
    public void Add(uint first, uint count)
    {
        if (count != 0 && used < BootMemoryMap.RangesMax)
        {
            firstAndCount[2 * used] = first;
            firstAndCount[(2 * used) + 1] = count;
            used++;
        }
    }

    /// <summary>Declares all of them free.</summary>
    public readonly void AddTo(FrameAllocator* frames)
    {
        for (uint i = 0; i < used; i++)
        {
            frames->AddMemory(firstAndCount[2 * i], firstAndCount[(2 * i) + 1]);
        }
    }

    /// <summary>Writes their number, and first frame and number of frames of each, as far as there is room.</summary>
    public readonly void CopyTo(uint* words, uint room)
    {
        words[0] = 0;
        for (uint i = 0; i < used && (2 * i) + 2 < room; i++)
        {
            words[(2 * i) + 1] = firstAndCount[2 * i];
            words[(2 * i) + 2] = firstAndCount[(2 * i) + 1];
            words[0]++;
        }
    }
}
