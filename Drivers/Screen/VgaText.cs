using System;
using HaukiOS.Hardware;

namespace HaukiOS.Drivers.Screen;

/// <summary>
/// The 80 by 25 text screen of a PC. It understands the few control sequences that a console line needs (ECMA-48:
/// CR, LF, BS, TAB, "erase in line", "erase in page", "cursor home") and swallows all others.
/// </summary>
public sealed class VgaText
{
    /// <summary>Characters in a row.</summary>
    public const int Columns = 80;

    /// <summary>Rows on the screen.</summary>
    public const int Rows = 25;

    /// <summary>Where a colour card shows its text.</summary>
    public const uint PhysicalAddress = 0xB8000;

    private const int CellCount = Columns * Rows;
    private const int TabWidth = 8;
    private const ushort Blank = Colours | ' ';
    private const ushort Colours = 0x07 << 8; // light grey on black
    private const byte Escape = 0x1B;

    // CRT controller (IBM VGA technical reference, "CRT Controller Registers"): where the cursor stands.
    private const byte CursorHigh = 0x0E;
    private const byte CursorLow = 0x0F;

    private readonly TextMemory memory;

    // What the screen shows. The screen's own memory is slow to read, and stays behind when the node moves.
    private readonly ushort[] cells = new ushort[CellCount];
    private readonly Port8 index;
    private readonly Port8 data;
    private Utf8Decoder decoder;
    private Sequence sequence;
    private int parameter;
    private int row;
    private int column;
    private int shownAt = -1; // ports are slow: the cursor's registers are written only when they change

    private VgaText(PortSpace ports, TextMemory memory)
    {
        this.memory = memory;
        memory.Cells[..CellCount].CopyTo(cells);
        index = new Port8(ports, 0x3D4);
        data = new Port8(ports, 0x3D5);
    }

    private enum Sequence
    {
        None,
        Escape,
        Control,
    }

    /// <summary>Looks whether there is a screen.</summary>
    /// <returns>Null if nothing remembers what is written to the screen's memory.</returns>
    public static VgaText? Probe(PortSpace ports, TextMemory memory) =>
        IsPresent(memory) ? new VgaText(ports, memory) : null;

    /// <summary>Shows on another machine's screen what stood on the last one's.</summary>
    /// <returns>False if that machine has no screen; this object is of no more use then.</returns>
    public bool TryRestart()
    {
        if (!IsPresent(memory))
        {
            return false;
        }

        cells.CopyTo(memory.Cells);
        shownAt = -1;
        ShowCursor();
        return true;
    }

    /// <summary>Empties the screen.</summary>
    public void Clear()
    {
        Erase(0, CellCount);
        row = 0;
        column = 0;
        ShowCursor();
    }

    /// <summary>Writes UTF-8 text at the cursor.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes)
        {
            if (decoder.TryDecode(value, out int character))
            {
                Put(character);
            }
        }

        ShowCursor();
    }

    private static bool IsPresent(TextMemory memory)
    {
        const ushort pattern = 0x07A5;
        Span<ushort> cells = memory.Cells;
        ushort first = cells[0];
        ushort second = cells[1];
        cells[0] = pattern;
        cells[1] = unchecked((ushort)~pattern);
        bool present = memory.Cells[0] == pattern && memory.Cells[1] == unchecked((ushort)~pattern);
        cells[0] = first;
        cells[1] = second;
        return present;
    }

    private void Put(int character)
    {
        if (sequence != Sequence.None)
        {
            FollowSequence(character);
            return;
        }

        switch (character)
        {
            case '\r':
                column = 0;
                break;
            case '\n':
                NextRow();
                break;
            case '\b':
                column = Math.Max(0, Math.Min(column, Columns - 1) - 1);
                break;
            case '\t':
                column = Math.Min(Columns - 1, (column / TabWidth * TabWidth) + TabWidth);
                break;
            case Escape:
                sequence = Sequence.Escape;
                break;
            case < ' ' or 0x7F:
                break;
            default:
                PutVisible(CodePage437.Encode(character));
                break;
        }
    }

    private void PutVisible(byte code)
    {
        // The line is broken only when a further character comes: 80 characters and LF take one row, not two.
        if (column == Columns)
        {
            column = 0;
            NextRow();
        }

        int at = (row * Columns) + column;
        cells[at] = (ushort)(Colours | code);
        memory.Cells[at] = cells[at];
        column++;
    }

    private void NextRow()
    {
        if (row < Rows - 1)
        {
            row++;
            return;
        }

        cells.AsSpan(Columns).CopyTo(cells);
        cells.AsSpan(CellCount - Columns).Fill(Blank);
        cells.CopyTo(memory.Cells);
    }

    private void Erase(int from, int end)
    {
        cells.AsSpan(from, end - from).Fill(Blank);
        memory.Cells[from..end].Fill(Blank);
    }

    private void FollowSequence(int character)
    {
        const int parameterMax = 999;
        if (sequence == Sequence.Escape)
        {
            sequence = character == '[' ? Sequence.Control : Sequence.None;
            parameter = 0;
            return;
        }

        if (character is >= '0' and <= '9')
        {
            parameter = Math.Min(parameterMax, (parameter * 10) + character - '0');
            return;
        }

        if (character is >= 0x40 and <= 0x7E)
        {
            sequence = Sequence.None;
            Perform(character);
        }
        else if (character is < 0x20 or > 0x7E)
        {
            sequence = Sequence.None; // not a sequence after all
        }
    }

    private void Perform(int final)
    {
        int at = (row * Columns) + Math.Min(column, Columns - 1);
        int rowEnd = (row + 1) * Columns;
        switch (final)
        {
            case 'K' when parameter == 0:
                Erase(at, rowEnd);
                break;
            case 'K' when parameter == 2:
                Erase(rowEnd - Columns, rowEnd);
                break;
            case 'J' when parameter == 0:
                Erase(at, CellCount);
                break;
            case 'J' when parameter == 2:
                Erase(0, CellCount);
                break;
            case 'H' when parameter == 0:
                row = 0;
                column = 0;
                break;
            case 'D':
                column = Math.Max(0, Math.Min(column, Columns - 1) - Math.Max(1, parameter));
                break;
            case 'C':
                column = Math.Min(Columns - 1, column + Math.Max(1, parameter));
                break;
        }
    }

    private void ShowCursor()
    {
        int at = (row * Columns) + Math.Min(column, Columns - 1);
        if (at >> 8 != shownAt >> 8)
        {
            index.Write(CursorHigh);
            data.Write((byte)(at >> 8));
        }

        if (at != shownAt)
        {
            index.Write(CursorLow);
            data.Write((byte)at);
        }

        shownAt = at;
    }
}
