namespace HaukiOS.Migration;

/// <summary>How what stands in a page is put down for the target.</summary>
public enum PageEncoding : byte
{
    /// <summary>As it is, all 4096 bytes.</summary>
    Raw = 0,

    /// <summary>Nothing: it is full of zeros.</summary>
    Zero = 1,

    /// <summary>By <see cref="WordPacker"/>.</summary>
    Packed = 2,

    /// <summary>By <see cref="WordPacker"/>, what differs from the page as the target has it.</summary>
    Delta = 3,

    /// <summary>Nothing: the target has it already, so there is no need to send anything.</summary>
    Same = 4,
}

/// <summary>What the encoder has made so far. Counts of pages, and bytes of what came out.</summary>
public record struct EncoderFigures
{
    /// <summary>Pages as they are.</summary>
    public long Raw { get; set; }

    /// <summary>Pages full of zeros.</summary>
    public long Zero { get; set; }

    /// <summary>Packed pages.</summary>
    public long Packed { get; set; }

    /// <summary>Pages of which only the differences went.</summary>
    public long Delta { get; set; }

    /// <summary>Pages that were written to, but not changed.</summary>
    public long Same { get; set; }

    /// <summary>Bytes that came out.</summary>
    public long Bytes { get; set; }

    /// <summary>Copies given up for others, or for want of memory.</summary>
    public long Evicted { get; set; }
}
