/*
 * file_bytes.h -- files as they are, compiled in.
 */
#ifndef WEB_FILE_BYTES_H
#define WEB_FILE_BYTES_H

/*
 * Define `symbol`_start and `symbol`_end around the bytes of the file at `path`,
 * which starts in the repository's root, where the compiler runs.
 */
#define FILE_BYTES(symbol, path) \
	extern const char symbol##_start[], symbol##_end[]; \
	__asm__(".pushsection .rodata\n" \
	        #symbol "_start:\n.incbin \"" path "\"\n" #symbol "_end:\n.byte 0\n" \
	        ".popsection\n")

#endif
