namespace Internal.Runtime;

/// <summary>
/// The frames that an exception passed, nearest first. It lies inside the exception: a throw must not allocate, for it
/// may be about the heap being exhausted.
/// </summary>
internal unsafe struct CapturedTrace
{
    /// <summary>Frames kept. Of a deeper trace the nearest ones tell the most.</summary>
    public const int FramesMax = 24;

    /// <summary>Frames passed; those beyond <see cref="FramesMax"/> are only counted.</summary>
    public int Count;

    private fixed uint instructions[FramesMax];

    /// <summary>Frames that can be read.</summary>
    public readonly int Kept => Count < FramesMax ? Count : FramesMax;

    /// <summary>An address inside the instruction at which a frame was passed.</summary>
    public readonly uint this[int index] => instructions[index];

    public void Append(uint instruction)
    {
        if (Count < FramesMax)
            instructions[Count] = instruction;
        if (Count < int.MaxValue)
            Count++;
    }
}
