; Blocks of bytes. Pointers are touched before anything is pushed: a null pointer then faults as if in the caller.
; Short blocks go by words, long ones by `rep` (copies) or by 16-byte stores (clearing, filling).

bits 32

global HaukiMemoryMove
global HaukiMemoryClear
global HaukiMemoryFill
global memset
global memcpy
global memmove

BY_WORDS_MAX    equ     64              ; up to here a loop of words beats starting `rep`

section .text

; ecx = destination, edx = source, length at [esp+4]; overlap allowed
align 16
HaukiMemoryMove:
        cmp     dword [esp + 4], 0
        je      .nothing
        mov     al, [edx]
        mov     al, [ecx]
        test    [esp - 8], eax          ; the end of the stack faults here, too
        push    esi
        push    edi
        mov     edi, ecx
        mov     esi, edx
        mov     ecx, [esp + 12]
        mov     eax, edi
        sub     eax, esi
        cmp     eax, ecx
        jb      .backwards              ; destination begins inside of the source
        cmp     ecx, BY_WORDS_MAX
        jbe     .short
        mov     eax, ecx
        shr     ecx, 2
        rep movsd
        mov     ecx, eax
        and     ecx, 3
        rep movsb
        pop     edi
        pop     esi
        ret     4
.short:
        mov     edx, ecx
        shr     ecx, 2
        jz      .bytes
.word:
        mov     eax, [esi]
        mov     [edi], eax
        add     esi, 4
        add     edi, 4
        dec     ecx
        jnz     .word
.bytes:
        and     edx, 3
        jz      .done
.byte:
        mov     al, [esi]
        mov     [edi], al
        inc     esi
        inc     edi
        dec     edx
        jnz     .byte
.done:
        pop     edi
        pop     esi
.nothing:
        ret     4
.backwards:
        test    eax, eax
        jz      .done                   ; onto itself
        mov     edx, ecx
        add     esi, ecx
        add     edi, ecx
        and     ecx, 3
        jz      .backward_words
.backward_byte:
        dec     esi
        dec     edi
        mov     al, [esi]
        mov     [edi], al
        dec     ecx
        jnz     .backward_byte
.backward_words:
        shr     edx, 2
        jz      .done
.backward_word:
        sub     esi, 4
        sub     edi, 4
        mov     eax, [esi]
        mov     [edi], eax
        dec     edx
        jnz     .backward_word
        pop     edi
        pop     esi
        ret     4

; ecx = destination, edx = length
align 16
HaukiMemoryClear:
        test    edx, edx
        jz      .nothing
        mov     byte [ecx], 0
        xor     eax, eax
        cmp     edx, 32
        jb      fill_short
        pxor    xmm0, xmm0
        jmp     fill_long
.nothing:
        ret

; ecx = destination, dl = value, length at [esp+4]
align 16
HaukiMemoryFill:
        movzx   eax, dl
        imul    eax, eax, 0x01010101
        mov     edx, [esp + 4]
        test    edx, edx
        jz      .nothing
        mov     [ecx], al
        cmp     edx, 32
        jb      .short
        movd    xmm0, eax
        pshufd  xmm0, xmm0, 0
        call    fill_long
        ret     4
.short:
        call    fill_short
.nothing:
        ret     4

; ecx = destination, edx = length below 32, eax = four bytes of the value
fill_short:
        sub     edx, 4
        jb      .bytes
.word:
        mov     [ecx], eax
        add     ecx, 4
        sub     edx, 4
        jae     .word
.bytes:
        add     edx, 4
        jz      .done
.byte:
        mov     [ecx], al
        inc     ecx
        dec     edx
        jnz     .byte
.done:
        ret

; ecx = destination, edx = length of 32 or more, xmm0 = 16 bytes of the value
fill_long:
        movdqu  [ecx], xmm0             ; the first and the last bytes, then whole aligned pieces between
        movdqu  [ecx + edx - 16], xmm0
        add     edx, ecx
        and     edx, -16
        add     ecx, 16
        and     ecx, -16
        sub     edx, ecx
        jbe     .done
        test    edx, 16
        jz      .pairs
        movdqa  [ecx], xmm0
        add     ecx, 16
        sub     edx, 16
        jz      .done
.pairs:
        test    edx, 32
        jz      .four
        movdqa  [ecx], xmm0
        movdqa  [ecx + 16], xmm0
        add     ecx, 32
        sub     edx, 32
        jz      .done
.four:
        movdqa  [ecx], xmm0
        movdqa  [ecx + 16], xmm0
        movdqa  [ecx + 32], xmm0
        movdqa  [ecx + 48], xmm0
        add     ecx, 64
        sub     edx, 64
        jnz     .four
.done:
        ret

; The C names, C convention (arguments pushed right to left, taken off by the caller). The code generator calls them
; for blocks that it does not write out.

; (destination, value, length) -> destination
align 16
memset:
        mov     ecx, [esp + 4]
        mov     edx, [esp + 8]
        push    dword [esp + 12]
        call    HaukiMemoryFill
        mov     eax, [esp + 4]
        ret

; (destination, source, length) -> destination
align 16
memcpy:
memmove:
        mov     ecx, [esp + 4]
        mov     edx, [esp + 8]
        push    dword [esp + 12]
        call    HaukiMemoryMove
        mov     eax, [esp + 4]
        ret
