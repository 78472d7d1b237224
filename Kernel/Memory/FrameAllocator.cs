using System;

namespace HaukiOS.Memory;

/// <summary>
/// The page frames of physical memory: one bit each, set while the frame is taken or is no memory at all. It works
/// before there is a heap, so it is a structure over memory that its maker provides.
/// <para>
/// Tables and DMA memory are taken from below, where every mapping of the boot can reach them; the pages of the
/// migratable zone from above.
/// </para>
/// </summary>
public unsafe struct FrameAllocator
{
    private const int BitsPerWord = 32;
    private const uint FullWord = 0xFFFF_FFFF;

    private readonly uint* words;
    private readonly uint frameCount;
    private uint total;
    private uint free;
    private uint lowHint;  // no free frame lies below this one
    private uint highHint; // no free frame lies at or above this one

    /// <summary>An allocator that owns nothing yet.</summary>
    /// <param name="words">Memory for one bit a frame: <see cref="BytesFor"/>.</param>
    /// <param name="frameCount">Frames in all, those without memory included; a multiple of 32.</param>
    public FrameAllocator(uint* words, uint frameCount)
    {
        this.words = words;
        this.frameCount = frameCount;
        for (uint i = 0; i < frameCount / BitsPerWord; i++)
        {
            words[i] = FullWord;
        }
    }

    private FrameAllocator(uint* words, uint frameCount, uint total, uint free)
    {
        this.words = words;
        this.frameCount = frameCount;
        this.total = total;
        this.free = free;
        highHint = frameCount;
    }

    /// <summary>Frames in all, those without memory included.</summary>
    public readonly uint FrameCount => frameCount;

    /// <summary>Frames that are memory and were ever released to this allocator.</summary>
    public readonly uint Total => total;

    /// <summary>Frames that nobody holds.</summary>
    public readonly uint Free => free;

    /// <summary>Bytes that the bits of so many frames take.</summary>
    public static uint BytesFor(uint frameCount) => (frameCount + BitsPerWord - 1) / BitsPerWord * sizeof(uint);

    /// <summary>Goes on with bits that another allocator has left.</summary>
    /// <param name="words">Its bits.</param>
    /// <param name="frameCount">Its frames in all.</param>
    /// <param name="total">Its <see cref="Total"/>.</param>
    /// <param name="free">Its <see cref="Free"/>.</param>
    public static FrameAllocator Adopt(uint* words, uint frameCount, uint total, uint free) =>
        new(words, frameCount, total, free);

    /// <summary>
    /// Declares a range of whole frames to be free memory. Frames outside the allocator's range are ignored.
    /// </summary>
    public void AddMemory(uint firstFrame, uint count)
    {
        uint end = Math.Min(firstFrame + count, frameCount);
        uint frame = firstFrame;
        while (frame < end)
        {
            if (HasWholeWord(frame, end) && words[frame / BitsPerWord] == FullWord)
            {
                words[frame / BitsPerWord] = 0;
                free += BitsPerWord;
                total += BitsPerWord;
                lowHint = Math.Min(lowHint, frame);
                highHint = Math.Max(highHint, frame + BitsPerWord);
                frame += BitsPerWord;
                continue;
            }

            if (IsTaken(frame))
            {
                Clear(frame);
                total++;
            }

            frame++;
        }
    }

    /// <summary>Takes a range away from the free memory for good; parts that are not free stay as they are.</summary>
    public void Reserve(uint firstFrame, uint count)
    {
        uint end = Math.Min(firstFrame + count, frameCount);
        for (uint frame = firstFrame; frame < end; frame++)
        {
            if (!IsTaken(frame))
            {
                Set(frame);
            }
        }
    }

    /// <summary>Takes the highest free frame.</summary>
    /// <returns>False if there is none.</returns>
    public bool TryTake(out uint frame)
    {
        for (uint word = (highHint + BitsPerWord - 1) / BitsPerWord; word-- > 0;)
        {
            if (words[word] == FullWord)
            {
                continue;
            }

            for (uint bit = BitsPerWord; bit-- > 0;)
            {
                frame = (word * BitsPerWord) + bit;
                if (!IsTaken(frame))
                {
                    Set(frame);
                    highHint = frame;
                    return true;
                }
            }
        }

        highHint = 0;
        frame = 0;
        return false;
    }

    /// <summary>Takes the lowest frames that lie side by side.</summary>
    /// <param name="count">How many.</param>
    /// <param name="alignment">The first frame's number is a multiple of this power of two.</param>
    /// <param name="boundary">The run crosses no multiple of this power of two; 0 for no such rule.</param>
    /// <param name="first">The first frame.</param>
    /// <returns>False if there is no such run.</returns>
    public bool TryTakeRun(uint count, uint alignment, uint boundary, out uint first)
    {
        first = (lowHint + alignment - 1) & ~(alignment - 1);
        while (count <= frameCount && first <= frameCount - count)
        {
            if (boundary != 0 && (first & ~(boundary - 1)) != ((first + count - 1) & ~(boundary - 1)))
            {
                first = ((first & ~(boundary - 1)) + boundary + alignment - 1) & ~(alignment - 1);
                continue;
            }

            uint run = CountFree(first, count);
            if (run == count)
            {
                Reserve(first, count);
                if (first == lowHint)
                {
                    lowHint = first + count;
                }

                return true;
            }

            first = (first + run + alignment) & ~(alignment - 1);
        }

        first = 0;
        return false;
    }

    /// <summary>Gives a frame back.</summary>
    /// <exception cref="InvalidOperationException">Nobody holds it.</exception>
    public void Return(uint frame)
    {
        if (frame >= frameCount || !IsTaken(frame))
        {
            throw new InvalidOperationException($"frame {frame} returned twice");
        }

        Clear(frame);
    }

    /// <summary>Is the frame taken, or no memory?</summary>
    public readonly bool IsTaken(uint frame) => (words[frame / BitsPerWord] & (1u << (int)(frame % BitsPerWord))) != 0;

    private static bool HasWholeWord(uint frame, uint end) => frame % BitsPerWord == 0 && end - frame >= BitsPerWord;

    private readonly uint CountFree(uint first, uint most)
    {
        uint count = 0;
        while (count < most && !IsTaken(first + count))
        {
            count++;
        }

        return count;
    }

    private void Set(uint frame)
    {
        words[frame / BitsPerWord] |= 1u << (int)(frame % BitsPerWord);
        free--;
    }

    private void Clear(uint frame)
    {
        words[frame / BitsPerWord] &= ~(1u << (int)(frame % BitsPerWord));
        free++;
        lowHint = Math.Min(lowHint, frame);
        highHint = Math.Max(highHint, frame + 1);
    }
}
