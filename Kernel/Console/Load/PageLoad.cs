namespace HaukiOS.Console;

/// <summary>How much of a page a load writes.</summary>
internal enum LoadKind
{
    /// <summary>Two words of each page; the others stay what they were.</summary>
    Touch,

    /// <summary>All of each page, with numbers that cannot be packed.</summary>
    Fill,
}

/// <summary>
/// A region of memory that is written page by page, round and round, such that of every page at any moment it is known
/// what must stand in it: word 0 is the number of the pass, word 1 that number and the page's, folded; the others are a
/// sequence of random numbers that begins with the page and, if the load writes them, the pass. Each page is looked at
/// before it is written. What a copy of the machine's memory has lost or mixed up is found, and where.
/// </summary>
internal sealed unsafe class PageLoad
{
    /// <summary>Bytes of a page.</summary>
    public const int PageBytes = 4096;

    private const int WordsPerPage = PageBytes / sizeof(uint);
    private const uint Factor = 1664525; // Numerical Recipes, a generator of 32 bits
    private const uint Step = 1013904223;

    private readonly uint* memory;
    private readonly LoadKind kind;
    private volatile int pass;
    private volatile int next;

    /// <summary>A load over memory that is written to at once.</summary>
    public PageLoad(byte* memory, int pages, LoadKind kind)
    {
        this.memory = (uint*)memory;
        this.kind = kind;
        Pages = pages;
        for (int page = 0; page < pages; page++)
        {
            Write(page, 0, all: true);
        }

        pass = 1;
    }

    /// <summary>Pages of the region.</summary>
    public int Pages { get; }

    /// <summary>Passes that are complete.</summary>
    public int Passes => pass - 1;

    /// <summary>Pages written since the first pass began.</summary>
    public long Written => ((long)Passes * Pages) + next;

    /// <summary>What the first page that was not as it must be was like; null if all were.</summary>
    public string? Problem { get; private set; }

    /// <summary>Looks at the next page and writes it.</summary>
    public void WriteNext()
    {
        Check(next, pass - 1, all: kind == LoadKind.Fill);
        Write(next, pass, all: kind == LoadKind.Fill);
        if (next + 1 < Pages)
        {
            next++;
        }
        else
        {
            next = 0;
            pass++;
        }
    }

    /// <summary>Looks at every word of every page.</summary>
    public void CheckAll()
    {
        for (int page = 0; page < Pages; page++)
        {
            Check(page, page < next ? pass : pass - 1, all: true);
        }
    }

    private uint Seed(int page, int ofPass) => ((uint)page * 2654435761) ^ (kind == LoadKind.Fill ? (uint)ofPass : 0);

    private static uint Fold(int page, int ofPass) => (~(uint)ofPass * Factor) ^ (uint)page;

    private void Write(int page, int ofPass, bool all)
    {
        uint* words = memory + ((nint)page * WordsPerPage);
        words[0] = (uint)ofPass;
        words[1] = Fold(page, ofPass);
        uint value = Seed(page, ofPass);
        for (int i = 2; all && i < WordsPerPage; i++)
        {
            value = (value * Factor) + Step;
            words[i] = value;
        }
    }

    private void Check(int page, int ofPass, bool all)
    {
        uint* words = memory + ((nint)page * WordsPerPage);
        if (words[0] != (uint)ofPass)
        {
            Note(page, ofPass, 0, words[0], (uint)ofPass);
        }
        else if (words[1] != Fold(page, ofPass))
        {
            Note(page, ofPass, 1, words[1], Fold(page, ofPass));
        }

        uint value = Seed(page, ofPass);
        for (int i = 2; all && i < WordsPerPage; i++)
        {
            value = (value * Factor) + Step;
            if (words[i] != value)
            {
                Note(page, ofPass, i, words[i], value);
                return;
            }
        }
    }

    private void Note(int page, int ofPass, int word, uint found, uint expected) =>
        Problem ??= $"page {page} of {Pages} is not what pass {ofPass} wrote: "
            + $"word {word} is 0x{found:x8} and not 0x{expected:x8}";
}
